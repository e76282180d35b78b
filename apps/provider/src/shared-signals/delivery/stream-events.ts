import { Injectable } from '@nestjs/common';
import type { EventStream } from '../streams/event-stream.entity.js';
import { StreamNotices } from '../streams/stream-notices.js';
import { StreamOutbox } from '../streams/stream-outbox.js';
import { tellingsOf } from '../event-mapping/event-mappings.js';
import { type SecurityEventToken, SecurityEventTokenIssuer } from './security-event-token-issuer.js';

/** What a stream has to tell at the moment. */
export interface NextEvents {
  readonly tokens: readonly SecurityEventToken[];
  /** Whether there is more that was left out. */
  readonly moreAvailable: boolean;
}

/** The events of a stream, of itself and of the provider, as tokens. */
@Injectable()
export class StreamEvents {
  constructor(
    private readonly outbox: StreamOutbox,
    private readonly notices: StreamNotices,
    private readonly issuer: SecurityEventTokenIssuer,
  ) {}

  /** What has not been acknowledged, as many as wanted; what is of the stream itself comes first. */
  async next(stream: EventStream, limit: number): Promise<NextEvents> {
    const notices = await this.notices.of(stream.id, limit + 1);
    const room = limit + 1 - notices.length;
    const pending = room === 0 ? [] : await this.outbox.pending(stream, tellingsOf(stream.eventsRequested), room);
    const told = notices.slice(0, limit);
    return {
      tokens: [
        ...(await this.issuer.ofNotices(stream, told)),
        ...(await this.issuer.ofEvents(stream, pending.slice(0, limit - told.length))),
      ],
      moreAvailable: notices.length + pending.length > limit,
    };
  }

  /** Notes what the receiver has taken, or refused for good. */
  async acknowledge(stream: EventStream, jtis: readonly string[]): Promise<void> {
    if (jtis.length === 0) return;
    await this.notices.acknowledge(stream.id, jtis);
    await this.outbox.acknowledge(stream, jtis, tellingsOf(stream.eventsRequested));
  }

  /** Leaves behind what does not concern the stream. */
  async passOver(stream: EventStream): Promise<void> {
    await this.outbox.advance(stream, tellingsOf(stream.eventsRequested));
  }
}
