import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type ProviderConfig } from '../../config.js';
import type { EventStream } from '../streams/event-stream.entity.js';
import { EventStreams } from '../streams/event-streams.js';
import { EventNotifications } from '../../security-events/notifications/event-notifications.js';
import { noSuchStream } from '../configuration/no-such-stream.js';
import type { PollRequest, SetError } from './poll-request.js';
import { SignalMetrics } from './signal-metrics.js';
import { type NextEvents, StreamEvents } from './stream-events.js';

/** What a receiver gets at once, however much it asks for. */
const MOST_EVENTS = 100;

/** The answer to a poll (RFC 8936 §2.3). */
export interface PollAnswer {
  /** Security event tokens by their `jti`. */
  readonly sets: Readonly<Record<string, string>>;
  readonly moreAvailable: boolean;
}

/** Answers receivers that poll: at once when there is something to tell, else when there is (RFC 8936 §2.4, §2.5). */
@Injectable()
export class StreamPolls {
  private readonly logger = new Logger(StreamPolls.name);

  constructor(
    private readonly streams: EventStreams,
    private readonly events: StreamEvents,
    private readonly notifications: EventNotifications,
    private readonly metrics: SignalMetrics,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'STREAM_POLL_WAIT'>,
  ) {}

  /** @param gone says that nobody waits for the answer any more. */
  async answer(stream: EventStream, request: PollRequest, gone: AbortSignal): Promise<PollAnswer> {
    await this.settle(stream, request);
    if (stream.status === 'paused') await this.streams.resume(stream, 'the receiver is back');
    const { tokens, moreAvailable } = await this.nextEvents(stream, request, gone);
    for (const { occurredAt } of tokens) this.metrics.delivered('poll', occurredAt);
    return { sets: Object.fromEntries(tokens.map(({ jti, token }) => [jti, token])), moreAvailable };
  }

  /** Takes note of what became of earlier events; one that was refused would be refused again (RFC 8936 §2.6). */
  private async settle(stream: EventStream, { ack, setErrs }: PollRequest): Promise<void> {
    const refused = Object.entries(setErrs);
    await this.events.acknowledge(stream, [...ack, ...refused.map(([jti]) => jti)]);
    for (const [jti, error] of refused) this.noteRefusal(stream, jti, error);
  }

  private noteRefusal({ id, clientId }: EventStream, jti: string, { err, description = '' }: SetError): void {
    this.metrics.refused('poll');
    this.logger.warn(`Client ${clientId} refused event ${jti} of stream ${id}: ${JSON.stringify([err, description])}`);
  }

  private async nextEvents(
    stream: EventStream,
    { maxEvents = MOST_EVENTS, returnImmediately }: PollRequest,
    gone: AbortSignal,
  ): Promise<NextEvents> {
    const deadline = performance.now() + this.config.STREAM_POLL_WAIT * 1000;
    const limit = Math.min(maxEvents, MOST_EVENTS);
    for (let current: EventStream | null = stream; ; current = await this.streams.find(stream.id, stream.clientId)) {
      if (!current) throw noSuchStream();
      // Asked for before looking, so that nothing that comes meanwhile is overlooked.
      const seen = this.notifications.count;
      const next = await this.events.next(current, limit);
      const waits = limit > 0 && !returnImmediately && !this.notifications.isStopping && !gone.aborted;
      const left = deadline - performance.now();
      if (next.tokens.length > 0 || !waits || left <= 0) {
        if (!next.moreAvailable && next.tokens.length === 0) await this.events.passOver(current);
        return next;
      }
      await this.notifications.waitForNext(seen, left, gone);
    }
  }
}
