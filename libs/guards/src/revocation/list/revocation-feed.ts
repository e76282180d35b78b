import type { StateFeeds, StateStore } from '@trefoil/state-store';
import { z } from 'zod';
import { CLOCK_TOLERANCE_SECONDS } from '../../access-token/check-claims.js';
import type { ListFreshness } from './list-freshness.js';
import { Revocation } from './revocation.js';
import type { RevokedTokens } from './revoked-tokens.js';

const BATCH = 1000;

/** A revocation as it is stored in the feed. The property names are part of the stored format. */
const FeedEntry = z.object({
  /** The `jti` of the security event token that reported the revocation. */
  set: z.string(),
  ending: Revocation,
  /** Seconds since 1970. */
  occurredAt: z.number(),
  /** When the revocation expires, in milliseconds since 1970. */
  until: z.number(),
});

/** A revocation and the security event token that reported it. */
export interface ReportedRevocation {
  /** The `jti` of the security event token. */
  readonly jti: string;
  readonly revocation: Revocation;
  /** Seconds since 1970. */
  readonly occurredAt: number;
}

/** Configures the feed of a resource server. */
export interface FeedOptions {
  readonly resource: string;
  /** How long a revocation is kept: at least as long as the longest token lifetime. */
  readonly keptSeconds: number;
  readonly freshSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Shares revocations between the replicas of a resource server, through a feed in the state store. The replica that receives
 * a revocation appends it to the feed, and every replica reads the feed into its own list.
 */
export class RevocationFeed {
  /** The security event tokens that were read from the feed, each with its expiry in milliseconds since 1970. */
  private readonly knownSets = new Map<string, number>();
  private position = 0;
  private lastPollVersion: number | undefined;
  private reading: Promise<void> | undefined;
  private readAgain = false;
  /** False while the entries that were appended before this replica started are read. */
  private isLive = false;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly store: Pick<StateStore, 'get' | 'set' | keyof StateFeeds>,
    private readonly list: RevokedTokens,
    private readonly freshness: ListFreshness,
    private readonly options: FeedOptions,
    private readonly onLag: (seconds: number) => void,
  ) {}

  /** Reads the whole feed, and from then on every new entry. */
  async start(onError: (error: unknown) => void): Promise<void> {
    await this.catchUp();
    this.isLive = true;
    this.unsubscribe = this.store.onAppended(this.name, () => void this.catchUp().catch(onError));
  }

  stop(): void {
    this.unsubscribe?.();
  }

  /** Returns whether the revocation that a security event token reported is in the feed. */
  hasSet(jti: string): boolean {
    return this.knownSets.has(jti);
  }

  /** Appends revocations to the feed. Resolves when they are stored and in the list of this replica. */
  async append(reported: readonly ReportedRevocation[]): Promise<void> {
    const { keptSeconds, now } = this.options;
    // A token is accepted for the clock tolerance after it has expired, so its revocation is kept for longer too.
    const ttlSeconds = keptSeconds + CLOCK_TOLERANCE_SECONDS;
    const until = now() + ttlSeconds * 1000;
    const entries = reported.map(({ jti: set, revocation: ending, occurredAt }) => ({
      set,
      ending,
      occurredAt,
      until,
    }));
    await this.store.append(this.name, entries satisfies z.input<typeof FeedEntry>[], ttlSeconds);
    await this.catchUp();
  }

  /** Records a poll that was completed now, and tells the other replicas. */
  async recordPoll(): Promise<void> {
    this.freshness.recordPoll();
    await this.publishLastPoll();
  }

  /** Tells the other replicas how long ago the last poll was completed. */
  async publishLastPoll(): Promise<void> {
    const { ageSeconds } = this.freshness;
    if (Number.isFinite(ageSeconds)) await this.store.set(this.lastPollKey, ageSeconds, this.options.freshSeconds);
  }

  /** Reads the new entries. A call during a read resolves after the entries that existed at the time of the call are read. */
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
    // Read before the entries: everything that was appended before that poll was recorded is then read below.
    const lastPoll = await this.store.get<number>(this.lastPollKey);
    for (let read = BATCH; read === BATCH;) {
      const entries = await this.store.readAfter<unknown>(this.name, this.position, BATCH);
      for (const { position, value } of entries) {
        this.apply(FeedEntry.parse(value));
        this.position = position;
      }
      read = entries.length;
    }
    // Ignored before this replica is live, because the replica that recorded the poll may have stopped since.
    if (lastPoll && lastPoll.version !== this.lastPollVersion && this.isLive) this.freshness.recordPoll(lastPoll.value);
    this.lastPollVersion = lastPoll?.version;
    this.removeExpired();
  }

  private apply({ set, ending, occurredAt, until }: z.output<typeof FeedEntry>): void {
    this.knownSets.set(set, until);
    this.list.add(ending, until);
    if (this.isLive) this.onLag(this.options.now() / 1000 - occurredAt);
  }

  private removeExpired(): void {
    const now = this.options.now();
    this.list.removeExpired();
    for (const [set, until] of this.knownSets) {
      if (until > now) return;
      this.knownSets.delete(set);
    }
  }

  private get name(): string {
    return `revocations for ${this.options.resource}`;
  }

  private get lastPollKey(): string {
    return `revocations heard for ${this.options.resource}`;
  }
}
