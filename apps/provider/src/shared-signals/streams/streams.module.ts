import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EventStream } from './event-stream.entity.js';
import { EventStreams } from './event-streams.js';
import { StreamNotices } from './stream-notices.js';
import { StreamOutbox } from './stream-outbox.js';
import { StreamPushes } from './stream-pushes.js';

/** Keeps event streams and the events that each has to deliver. */
@Module({
  imports: [TypeOrmModule.forFeature([EventStream])],
  providers: [EventStreams, StreamNotices, StreamOutbox, StreamPushes],
  exports: [EventStreams, StreamNotices, StreamOutbox, StreamPushes],
})
export class StreamsModule {}
