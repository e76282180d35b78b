import type { StateFeeds, StateStore } from '@trefoil/state-store';
import { z } from 'zod';
import { CLOCK_TOLERANCE_SECONDS } from '../../access-token/check-claims.js';
import { ExpiringMap } from './expiring-map.js';
import type { ListFreshness } from './list-freshness.js';
import { Revocation } from './revocation.js';
import type { RevokedTokens } from './revoked-tokens.js';

const BATCH = 1000;

/** A revocation as it is stored in the feed. The property names are part of the stored format. */
const FeedEntry = z.object({
  /** The `jti` of the security event token that reported the revocation. */
  set: z.string(),
  /** A {@link Revocation}, or one of a kind that only later versions know. */
  ending: z.unknown(),
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
  /** When the token that was revoked expires, in seconds since 1970; undefined when it is not known. */
  readonly expiresAt?: number;
}

/** Configures the feed of a resource server. */
export interface FeedOptions {
  readonly resource: string;
  /** How long a revocation is kept: at least as long as the longest token lifetime. */
  readonly keptSeconds: number;
  readonly freshSeconds: number;
  /** How many security event tokens are remembered as stored. */
  readonly limit: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Observes the feed. */
export interface FeedObserver {
  /** Called with the seconds from a revocation until it is in the list. */
  onLag(seconds: number): void;
  /** Called for an entry that cannot be read, such as one that a later version wrote. */
  onUnreadable(): void;
}

/**
 * Shares revocations between the replicas of a resource server, through a feed in the state store. The replica that receives
 * a revocation appends it to the feed, and every replica reads the feed into its own list.
 */
export class RevocationFeed {
  /** The ids of security event tokens that were read from the feed. One that is dropped is only stored again. */
  private knownSets: ExpiringMap<true>;
  private position = 0;
  private lastPollVersion: number | undefined;
  private reading: Promise<void> | undefined;
  private readAgain = false;
  /** False while the entries that were appended before this replica started are read. */
  private isLive = false;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly store: Pick<StateStore, 'get' | 'set' | 'compareAndSet' | keyof StateFeeds>,
    private readonly list: RevokedTokens,
    private readonly freshness: ListFreshness,
    private readonly options: FeedOptions,
    private readonly observer: FeedObserver,
  ) {
    this.knownSets = new ExpiringMap(options.now);
  }

  /** Reads the whole feed, and from then on every new entry. */
  async start(onError: (error: unknown) => void): Promise<void> {
    await this.catchUp();
    this.isLive = true;
    this.unsubscribe = this.store.onAppended(this.name, () => void this.catchUp().catch(onError));
  }

  stop(): void {
    this.unsubscribe?.();
  }

  /**
   * Reads the whole feed again. After that, {@link hasSet} knows what is in the store now, even if the store has lost what this
   * replica had read or appended before.
   */
  async reload(): Promise<void> {
    while (this.reading) await this.reading;
    this.knownSets = new ExpiringMap(this.options.now);
    this.position = 0;
    this.isLive = false;
    await this.catchUp();
    this.isLive = true;
  }

  /** Returns whether the revocation that a security event token reported is in the feed. */
  hasSet(jti: string): boolean {
    return this.knownSets.get(jti) !== undefined;
  }

  /**
   * Appends revocations to the feed, unless every token that they apply to has expired. Resolves when they are stored and in
   * the list of this replica.
   */
  async append(reported: readonly ReportedRevocation[]): Promise<void> {
    const now = this.options.now();
    const entries = reported
      .map(({ jti: set, revocation: ending, occurredAt, expiresAt }): z.input<typeof FeedEntry> => {
        return { set, ending, occurredAt, until: this.endOf(expiresAt) };
      })
      .filter(({ until }) => until > now);
    if (entries.length === 0) return;
    const last = Math.max(...entries.map(({ until }) => until));
    await this.store.append(this.name, entries, Math.ceil((last - now) / 1000));
    await this.catchUp();
  }

  /**
   * Returns until when a revocation is kept, in milliseconds since 1970. A token is accepted for the clock tolerance after it
   * has expired, so its revocation is kept for longer too.
   */
  private endOf(expiresAt = Infinity): number {
    const { keptSeconds, now } = this.options;
    return Math.min(now() + keptSeconds * 1000, expiresAt * 1000) + CLOCK_TOLERANCE_SECONDS * 1000;
  }

  /** Records a poll that was completed now, and tells the other replicas. */
  async recordPoll(): Promise<void> {
    this.freshness.recordPoll();
    await this.store.set(this.lastPollKey, 0, this.options.freshSeconds);
  }

  /**
   * Tells the other replicas again how long ago the last poll was completed. Does nothing when the store does not have that poll:
   * a store that has lost it has also lost revocations, and a replica that starts then must not take the feed for complete.
   */
  async publishLastPoll(): Promise<void> {
    const { ageSeconds } = this.freshness;
    const known = await this.store.get(this.lastPollKey);
    if (!known || !Number.isFinite(ageSeconds)) return;
    await this.store.compareAndSet(this.lastPollKey, known.version, ageSeconds, this.options.freshSeconds);
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
        this.apply(value);
        this.position = position;
      }
      read = entries.length;
    }
    // Ignored before this replica is live, because the replica that recorded the poll may have stopped since.
    if (lastPoll && lastPoll.version !== this.lastPollVersion && this.isLive) this.freshness.recordPoll(lastPoll.value);
    this.lastPollVersion = lastPoll?.version;
    this.removeExpired();
  }

  private apply(value: unknown): void {
    const { data: entry } = FeedEntry.safeParse(value);
    const { data: revocation } = Revocation.safeParse(entry?.ending);
    const until = entry?.until ?? this.endOf();
    if (entry) this.rememberSet(entry.set, until);
    if (!entry || !revocation) {
      this.list.recordMissing(until);
      this.observer.onUnreadable();
      return;
    }
    this.list.add(revocation, until);
    if (this.isLive) this.observer.onLag(this.options.now() / 1000 - entry.occurredAt);
  }

  private rememberSet(jti: string, until: number): void {
    this.knownSets.set(jti, true, until);
    if (this.knownSets.size > this.options.limit) this.knownSets.dropFirst();
  }

  private removeExpired(): void {
    this.list.removeExpired();
    this.knownSets.removeExpired();
  }

  private get name(): string {
    return `revocations for ${this.options.resource}`;
  }

  private get lastPollKey(): string {
    return `revocations heard for ${this.options.resource}`;
  }
}
