import { Module } from '@nestjs/common';
import { Housekeeping } from '@trefoil/server-kit';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { housekeepingProvider } from './housekeeping.provider.js';

/** Deletes expired rows in the background; commands run without it. */
@Module({
  imports: [SecurityEventsModule],
  providers: [housekeepingProvider],
  exports: [Housekeeping],
})
export class HousekeepingModule {}
