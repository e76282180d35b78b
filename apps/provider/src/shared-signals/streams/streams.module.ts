import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventStream } from './event-stream.entity.js';
import { EventStreams } from './event-streams.js';
import { PushLeases } from './push-leases.js';
import { StreamNotices } from './stream-notices.js';
import { StreamOutbox } from './stream-outbox.js';

/** Stores event streams, and finds the events that each of them has to deliver. */
@Module({
  imports: [TypeOrmModule.forFeature([EventStream])],
  providers: [EventStreams, StreamNotices, StreamOutbox, PushLeases],
  exports: [EventStreams, StreamNotices, StreamOutbox, PushLeases],
})
export class StreamsModule {}
