import { Logger } from '@nestjs/common';
import { RequestRefused } from '@trefoil/service-client';
import { LockTimeoutError, type StateStore } from '@trefoil/state-store';
import { setTimeout as wait } from 'node:timers/promises';
import type { EventIntake } from './security-event-processor.js';
import type { RevocationFeed } from '../list/revocation-feed.js';
import type { StreamFinder } from './stream-finder.js';
import type { EventStream, PollResults, Transmitter } from './transmitter-client.js';

/** A replica that ends without a word is replaced after so long. */
const LOCK_SECONDS = 5;
const LOOK_EVERY_MILLISECONDS = 1000;
const FIRST_PAUSE_MILLISECONDS = 250;
const LONGEST_PAUSE_MILLISECONDS = 10_000;
/** Between two polls that brought nothing: not every transmitter holds a poll until there is something to tell. */
const EMPTY_POLL_MILLISECONDS = 1000;
const CHECK_STREAM_MILLISECONDS = 30_000;

const NOTHING: PollResults = { ack: [], setErrs: {} };

/** Polls the stream of the provider, on one replica at a time; whoever cannot goes on trying, and lets others try. */
export class Receiver {
  private readonly log = new Logger(Receiver.name);
  private readonly ending = new AbortController();
  private running: Promise<void> | undefined;
  private failures = 0;

  constructor(
    private readonly transmitter: Transmitter,
    private readonly streams: StreamFinder,
    private readonly intake: EventIntake,
    private readonly feed: RevocationFeed,
    private readonly store: StateStore,
    private readonly options: { readonly resource: string },
  ) {}

  start(): void {
    this.running = this.run(this.ending.signal);
  }

  /** Stops polling, and leaves it to the next replica at once. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  private async run(ended: AbortSignal): Promise<void> {
    const lock = { ttlSeconds: LOCK_SECONDS, waitMilliseconds: 0, renew: true };
    while (!ended.aborted) {
      try {
        await this.store.withLock(
          `revocation stream of ${this.options.resource}`,
          (lost) => this.beating(() => this.poll(AbortSignal.any([ended, lost]))),
          lock,
        );
      } catch (error) {
        await this.pause(ended.aborted ? 0 : this.pauseAfter(error));
      }
    }
  }

  /** Lets the other replicas know all the while that somebody listens. */
  private async beating<T>(work: () => Promise<T>): Promise<T> {
    // One that fails is followed by another, and by the loss of the lock.
    const timer = setInterval(() => void this.feed.beat().catch(() => undefined), LOOK_EVERY_MILLISECONDS);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  /** Polls until the signal or a fault ends it. */
  private async poll(signal: AbortSignal): Promise<void> {
    const stream = await this.streams.find(signal);
    // The first one does not wait: whether all is well must be known now.
    let results = await this.pollOnce(stream, NOTHING, { returnImmediately: true, signal });
    let checkedAt = performance.now();
    while (!signal.aborted) {
      const askedAt = performance.now();
      results = await this.pollOnce(stream, results, { returnImmediately: false, signal });
      if (results.ack.length > 0) continue;
      await this.pause(EMPTY_POLL_MILLISECONDS - (performance.now() - askedAt));
      if (performance.now() - checkedAt < CHECK_STREAM_MILLISECONDS) continue;
      await this.transmitter.enable(stream, signal);
      checkedAt = performance.now();
    }
  }

  private async pollOnce(
    stream: EventStream,
    before: PollResults,
    how: { returnImmediately: boolean; signal: AbortSignal },
  ): Promise<PollResults> {
    const { sets } = await this.transmitter.poll(stream, before, how);
    const { results, isWhole } = await this.intake.take(sets);
    // Whatever could not be read yet may be a revocation: until it is, this was no news.
    if (isWhole) await this.feed.hear();
    await this.streams.remember(stream);
    this.recovered();
    return results;
  }

  private recovered(): void {
    if (this.failures > 0) this.log.log('Revocations are heard of again');
    this.failures = 0;
  }

  /** Milliseconds to wait: a while when another replica polls, longer and longer when it failed here. */
  private pauseAfter(error: unknown): number {
    const jitter = 0.5 + Math.random() / 2;
    if (error instanceof LockTimeoutError) return LOOK_EVERY_MILLISECONDS * jitter;
    if (this.failures === 0) this.log.warn(`Revocations are not heard of: ${reasonOf(error)}`);
    const pause = Math.min(FIRST_PAUSE_MILLISECONDS * 2 ** Math.min(this.failures++, 10), LONGEST_PAUSE_MILLISECONDS);
    return pause * jitter;
  }

  private async pause(milliseconds: number): Promise<void> {
    if (milliseconds <= 0) return;
    await wait(milliseconds, undefined, { signal: this.ending.signal }).catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RequestRefused) return `${error.message} ${JSON.stringify(error.problem) ?? ''}`;
  return error instanceof Error && error.cause instanceof Error
    ? `${error.message} (${error.cause.message})`
    : String(error);
}
