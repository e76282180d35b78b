import { Module } from '@nestjs/common';
import { SecurityEventsModule } from '../security-events.module.js';
import { AnomalyWatch } from './anomaly-watch.js';
import { FlaggedAnomalies } from './flagged-anomalies.js';

/** Applies the anomaly rules to recorded events on schedule. */
@Module({
  imports: [SecurityEventsModule],
  providers: [AnomalyWatch, FlaggedAnomalies],
})
export class AnomaliesModule {}
