import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventPartitions } from './partitions/event-partitions.js';
import { SecurityEventLog } from './security-event-log.js';
import { SecurityEvent } from './security-event.entity.js';
import { SecurityEvents } from './security-events.js';
import { UsageCounter } from './usage/usage-counter.js';
import { Usage } from './usage/usage.js';

/** Records security events and usage, and reads both. */
@Module({
  imports: [TypeOrmModule.forFeature([SecurityEvent])],
  providers: [SecurityEvents, SecurityEventLog, EventPartitions, Usage, UsageCounter],
  exports: [SecurityEvents, SecurityEventLog, EventPartitions, Usage, UsageCounter],
})
export class SecurityEventsModule {}
