import { Logger } from '@nestjs/common';
import { RequestRefused } from '@trefoil/service-client';
import { LockTimeoutError, type StateStore } from '@trefoil/state-store';
import { setTimeout as wait } from 'node:timers/promises';
import type { RevocationFeed } from '../list/revocation-feed.js';
import type { SecurityEventProcessor } from './security-event-processor.js';
import type { StreamFinder } from './stream-finder.js';
import type { EventStream, PollResults, TransmitterClient } from './transmitter-client.js';

/** The time after which another replica takes over from one that stopped without releasing the lock. */
const LOCK_SECONDS = 5;
const RETRY_LOCK_MILLISECONDS = 1000;
const HEARTBEAT_MILLISECONDS = 1000;
const FIRST_PAUSE_MILLISECONDS = 250;
const LONGEST_PAUSE_MILLISECONDS = 10_000;
/** The shortest interval between polls without events, because some transmitters answer such a poll at once. */
const EMPTY_POLL_MILLISECONDS = 1000;
const CHECK_STREAM_MILLISECONDS = 30_000;

const NO_RESULTS: PollResults = { ack: [], setErrs: {} };

/**
 * Receives the provider's stream by polling (RFC 8936), on one replica at a time. The replica that holds the lock polls. When
 * a poll fails, it releases the lock, pauses, and tries again, so that another replica can try meanwhile.
 */
export class StreamReceiver {
  private readonly logger = new Logger(StreamReceiver.name);
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private failures = 0;

  constructor(
    private readonly transmitter: TransmitterClient,
    private readonly streams: StreamFinder,
    private readonly processor: SecurityEventProcessor,
    private readonly feed: RevocationFeed,
    private readonly store: StateStore,
    private readonly options: { readonly resource: string },
  ) {}

  start(): void {
    this.running = this.run(this.stopping.signal);
  }

  /** Stops polling and releases the lock, so that the next replica takes over at once. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(stopped: AbortSignal): Promise<void> {
    const lock = { ttlSeconds: LOCK_SECONDS, waitMilliseconds: 0, renew: true };
    while (!stopped.aborted) {
      try {
        await this.store.withLock(
          `revocation stream of ${this.options.resource}`,
          (lost) => this.withHeartbeat(() => this.poll(AbortSignal.any([stopped, lost]))),
          lock,
        );
      } catch (error) {
        await this.pause(stopped.aborted ? 0 : this.pauseAfter(error));
      }
    }
  }

  /** Publishes the time of the last poll at short intervals while the work runs, also while a poll waits for events. */
  private async withHeartbeat<T>(work: () => Promise<T>): Promise<T> {
    // An error is ignored: the next heartbeat follows, and if the store stays down, the lock is lost.
    const timer = setInterval(() => void this.feed.publishLastPoll().catch(() => undefined), HEARTBEAT_MILLISECONDS);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  /** Polls until the signal is aborted or an error is thrown. */
  private async poll(signal: AbortSignal): Promise<void> {
    const stream = await this.streams.findOrCreate(signal);
    // A new stream delivers again what the store has lost.
    await this.feed.reload();
    // The first poll returns at once, so that the list becomes fresh without waiting for an event.
    let results = await this.pollOnce(stream, NO_RESULTS, { returnImmediately: true, signal });
    let checkedAt = performance.now();
    while (!signal.aborted) {
      const polledAt = performance.now();
      results = await this.pollOnce(stream, results, { returnImmediately: false, signal });
      if (results.ack.length > 0) continue;
      await this.pause(EMPTY_POLL_MILLISECONDS - (performance.now() - polledAt));
      if (performance.now() - checkedAt < CHECK_STREAM_MILLISECONDS) continue;
      await this.transmitter.enable(stream, signal);
      checkedAt = performance.now();
    }
  }

  private async pollOnce(
    stream: EventStream,
    previous: PollResults,
    options: { returnImmediately: boolean; signal: AbortSignal },
  ): Promise<PollResults> {
    const { sets } = await this.transmitter.poll(stream, previous, options);
    const { results, isComplete } = await this.processor.process(sets);
    await this.streams.keep(stream);
    // A SET that is not processed yet may be a revocation, so the list is not up to date.
    if (isComplete) await this.feed.recordPoll();
    this.recordSuccess();
    return results;
  }

  private recordSuccess(): void {
    if (this.failures > 0) this.logger.log('Revocations are received again');
    this.failures = 0;
  }

  /** Returns the milliseconds to wait: constant while another replica holds the lock, growing after each failure. */
  private pauseAfter(error: unknown): number {
    const jitter = 0.5 + Math.random() / 2;
    if (error instanceof LockTimeoutError) return RETRY_LOCK_MILLISECONDS * jitter;
    if (this.failures === 0) this.logger.warn(`Revocations cannot be received: ${reasonOf(error)}`);
    const pause = Math.min(FIRST_PAUSE_MILLISECONDS * 2 ** Math.min(this.failures++, 10), LONGEST_PAUSE_MILLISECONDS);
    return pause * jitter;
  }

  private async pause(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return;
    await wait(milliseconds, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RequestRefused) return `${error.message} ${JSON.stringify(error.problem) ?? ''}`;
  return error instanceof Error && error.cause instanceof Error
    ? `${error.message} (${error.cause.message})`
    : String(error);
}
