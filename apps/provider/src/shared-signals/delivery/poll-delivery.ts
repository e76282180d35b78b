import { Inject, Injectable, Logger } from '@nestjs/common';
import { z } from 'zod';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { EventNotifications } from '../../security-events/notifications/event-notifications.js';
import { noSuchStream } from '../configuration/stream-requests.js';
import type { EventStream } from '../streams/event-stream.entity.js';
import { EventStreams } from '../streams/event-streams.js';
import { type NextTokens, SecurityEventTokens } from './security-event-tokens.js';
import { SignalMetrics } from './signal-metrics.js';

/** The most events in one response, even when the receiver requests more. */
const MAX_EVENTS = 100;

/** The error of a receiver with an event (RFC 8936 §2.6). */
const SetError = z.object({ err: z.string().max(200), description: z.string().max(2000).optional() });
type SetError = z.infer<typeof SetError>;

/** The body of a poll (RFC 8936 §2.2). Every member is optional, and so is the body. */
export const PollRequest = z
  .object({
    maxEvents: z.int().min(0).optional(),
    returnImmediately: z.boolean().default(false),
    ack: z.array(z.string()).default([]),
    setErrs: z.record(z.string(), SetError).default({}),
  })
  .prefault({});
export type PollRequest = z.infer<typeof PollRequest>;

/** The response to a poll (RFC 8936 §2.3). */
export interface PollResponse {
  /** Security event tokens by their `jti`. */
  readonly sets: Readonly<Record<string, string>>;
  readonly moreAvailable: boolean;
}

/**
 * Delivers events to receivers that poll (RFC 8936): at once when there are any, otherwise as soon as one is recorded.
 */
@Injectable()
export class PollDelivery {
  private readonly logger = new Logger(PollDelivery.name);
  /** The poll of each stream that waits for events on this replica. */
  private readonly waiting = new Map<string, AbortController>();

  constructor(
    private readonly streams: EventStreams,
    private readonly tokens: SecurityEventTokens,
    private readonly notifications: EventNotifications,
    private readonly metrics: SignalMetrics,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'STREAM_POLL_WAIT'>,
  ) {}

  /**
   * Processes a poll and returns the response, after at most `STREAM_POLL_WAIT` seconds. One poll of a stream can wait at a
   * time: a newer one ends the wait of an older one, because a receiver that polls again has lost the older connection.
   *
   * @param disconnected aborts when the receiver no longer waits for the response.
   * @throws ProblemError 404 when the stream is deleted meanwhile.
   */
  async respond(stream: EventStream, request: PollRequest, disconnected: AbortSignal): Promise<PollResponse> {
    await this.acknowledge(stream, request);
    if (stream.status === 'paused') await this.streams.resume(stream, 'the receiver polls again');
    const { tokens, moreAvailable } = await this.nextTokens(stream, request, disconnected);
    for (const { occurredAt } of tokens) this.metrics.delivered('poll', occurredAt);
    return { sets: Object.fromEntries(tokens.map(({ jti, token }) => [jti, token])), moreAvailable };
  }

  /** Stores accepted and refused events. Refused ones are not sent again, as they would be refused again (§2.6). */
  private async acknowledge(stream: EventStream, { ack, setErrs }: PollRequest): Promise<void> {
    const refused = Object.entries(setErrs);
    await this.tokens.acknowledge(stream, [...ack, ...refused.map(([jti]) => jti)]);
    for (const [jti, error] of refused) this.reportRefusal(stream, jti, error);
  }

  private reportRefusal({ id, clientId }: EventStream, jti: string, { err, description = '' }: SetError): void {
    this.metrics.refused('poll');
    this.logger.warn(`Client ${clientId} refused event ${jti} of stream ${id}: ${JSON.stringify([err, description])}`);
  }

  private async nextTokens(stream: EventStream, request: PollRequest, disconnected: AbortSignal): Promise<NextTokens> {
    const replaced = new AbortController();
    if (!request.returnImmediately) {
      this.waiting.get(stream.id)?.abort();
      this.waiting.set(stream.id, replaced);
    }
    try {
      return await this.waitForTokens(stream, request, AbortSignal.any([disconnected, replaced.signal]));
    } finally {
      if (this.waiting.get(stream.id) === replaced) this.waiting.delete(stream.id);
    }
  }

  /** @param ended aborts when the poll must not wait any longer. */
  private async waitForTokens(
    stream: EventStream,
    { maxEvents = MAX_EVENTS, returnImmediately }: PollRequest,
    ended: AbortSignal,
  ): Promise<NextTokens> {
    const deadline = performance.now() + this.config.STREAM_POLL_WAIT * 1000;
    const limit = Math.min(maxEvents, MAX_EVENTS);
    for (let current: EventStream | null = stream; ; current = await this.streams.find(stream.id, stream.clientId)) {
      if (!current) throw noSuchStream();
      // Read before the query, so that an event that is recorded meanwhile ends the wait.
      const seen = this.notifications.count;
      const next = await this.tokens.next(current, limit);
      const mayWait = limit > 0 && !returnImmediately && !this.notifications.isStopping && !ended.aborted;
      const left = deadline - performance.now();
      if (next.tokens.length > 0 || !mayWait || left <= 0) {
        if (!next.moreAvailable && next.tokens.length === 0) await this.tokens.advance(current);
        return next;
      }
      await this.notifications.waitForNext(seen, left, ended);
    }
  }
}
