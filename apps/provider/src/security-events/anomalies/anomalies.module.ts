import { Module } from '@nestjs/common';
import { SecurityEventsModule } from '../security-events.module.js';
import { AnomalyDetector } from './anomaly-detector.js';
import { FlaggedAnomalies } from './flagged-anomalies.js';

/** Applies the anomaly rules to recorded events and usage every few seconds. */
@Module({
  imports: [SecurityEventsModule],
  providers: [AnomalyDetector, FlaggedAnomalies],
})
export class AnomaliesModule {}
