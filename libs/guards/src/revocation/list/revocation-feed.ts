import type { StateFeeds, StateStore } from '@trefoil/state-store';
import { z } from 'zod';
import { CLOCK_TOLERANCE_SECONDS } from '../../access-token/check-claims.js';
import type { EndedTokens } from './revoked-tokens.js';
import { Ending } from './revocation.js';
import type { Freshness } from './list-freshness.js';
import type { SecurityEvent } from '../stream/security-event-token-verifier.js';

const BATCH = 1000;

/** A revocation as replicas tell it each other. */
const FeedEntry = z.object({
  /** The id of the SET that told it. */
  set: z.string(),
  ending: Ending,
  occurredAt: z.number(),
  /** Milliseconds since 1970. */
  until: z.number(),
});

/** What the feed of a resource server is called and how long it is kept. */
export interface FeedOptions {
  readonly resource: string;
  /** How long a revocation counts: at least as long as a token lives. */
  readonly keptSeconds: number;
  readonly freshSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * The revocations that the replicas of a resource server share: whoever hears of one writes it here, and all read it into
 * their own list.
 */
export class RevocationFeed {
  /** The SETs that have been taken, and until when they would be taken again if they came. */
  private readonly taken = new Map<string, number>();
  private position = 0;
  private heardVersion: number | undefined;
  private reading: Promise<void> | undefined;
  private readAgain = false;
  /** Whether what comes now has just been told, and was not there before this replica was. */
  private isLive = false;
  private endListening: (() => void) | undefined;

  constructor(
    private readonly store: Pick<StateStore, 'get' | 'set' | keyof StateFeeds>,
    private readonly list: EndedTokens,
    private readonly freshness: Freshness,
    private readonly options: FeedOptions,
    private readonly onLag: (seconds: number) => void,
  ) {}

  /** Reads everything there is, and then whatever comes. */
  async start(onFault: (error: unknown) => void): Promise<void> {
    await this.catchUp();
    this.isLive = true;
    this.endListening = this.store.onAppended(this.name, () => void this.catchUp().catch(onFault));
  }

  end(): void {
    this.endListening?.();
  }

  hasTaken(set: string): boolean {
    return this.taken.has(set);
  }

  /** Writes down what has ended; once this resolves it is known here, will be at once elsewhere, and is not lost. */
  async append(events: readonly SecurityEvent[]): Promise<void> {
    const { keptSeconds, now } = this.options;
    // A token is taken for a little longer than it lives, and so must its end be known for longer.
    const ttlSeconds = keptSeconds + CLOCK_TOLERANCE_SECONDS;
    const until = now() + ttlSeconds * 1000;
    const entries = events.flatMap(({ jti: set, ending, occurredAt }) =>
      ending ? [{ set, ending, occurredAt, until }] : [],
    );
    await this.store.append(this.name, entries satisfies z.input<typeof FeedEntry>[], ttlSeconds);
    await this.catchUp();
  }

  /** Notes that the provider was heard of just now, and tells the others. */
  async hear(): Promise<void> {
    this.freshness.hear();
    await this.beat();
  }

  /** Tells the other replicas that this one listens, and when it last heard something. */
  async beat(): Promise<void> {
    const { ageSeconds } = this.freshness;
    if (Number.isFinite(ageSeconds)) await this.store.set(this.heardKey, ageSeconds, this.options.freshSeconds);
  }

  /** Reads what is new; whoever asks while this goes on gets what comes after they asked, too. */
  catchUp(): Promise<void> {
    if (this.reading) this.readAgain = true;
    else this.reading = this.readUntilDone();
    return this.reading;
  }

  private async readUntilDone(): Promise<void> {
    try {
      do {
        this.readAgain = false;
        await this.read();
      } while (this.readAgain);
    } finally {
      this.reading = undefined;
    }
  }

  private async read(): Promise<void> {
    // First: what was appended before the provider was heard of is then read in any case.
    const heard = await this.store.get<number>(this.heardKey);
    for (let read = BATCH; read === BATCH;) {
      const entries = await this.store.readAfter<unknown>(this.name, this.position, BATCH);
      for (const { position, value } of entries) {
        this.take(FeedEntry.parse(value));
        this.position = position;
      }
      read = entries.length;
    }
    // What was there at the start may be the last word of a replica that is gone.
    if (heard && heard.version !== this.heardVersion && this.isLive) this.freshness.hear(heard.value);
    this.heardVersion = heard?.version;
    this.forget();
  }

  private take({ set, ending, occurredAt, until }: z.output<typeof FeedEntry>): void {
    this.taken.set(set, until);
    this.list.add(ending, until);
    if (this.isLive) this.onLag(this.options.now() / 1000 - occurredAt);
  }

  private forget(): void {
    const now = this.options.now();
    this.list.prune();
    for (const [set, until] of this.taken) {
      if (until > now) return;
      this.taken.delete(set);
    }
  }

  private get name(): string {
    return `revocations for ${this.options.resource}`;
  }

  private get heardKey(): string {
    return `revocations heard for ${this.options.resource}`;
  }
}
