import { Module } from '@nestjs/common';
import { WakeUps } from './wake-ups.js';

/** Listens for new security events, for the features that pass them on. */
@Module({
  providers: [WakeUps],
  exports: [WakeUps],
})
export class WakeUpsModule {}
