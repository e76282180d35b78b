import { Inject, Injectable, Logger } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import { GUARDS_OPTIONS, type GuardsOptions } from '../guards-options.js';
import { FetchBudget } from './fetch-budget.js';
import { PublishedKeys } from './published-keys.js';
import { VerificationKeys, type VerificationKey } from './verification-keys.js';

/** The keys are fetched again in the background after this time, or after the issuer's `max-age` if that is shorter. */
const LONGEST_MAX_AGE_MILLISECONDS = 10 * 60_000;
/** The pause after a fetch that failed. */
const COOL_DOWN_MILLISECONDS = 30_000;
/** The fetches for unknown key ids: these at once, and one more after each interval. Invented ids cannot flood the issuer. */
const UNKNOWN_KEY_FETCHES = 5;
const UNKNOWN_KEY_FETCH_INTERVAL_MILLISECONDS = 6000;
/** For this long, a key that is no longer published is refused without another fetch. */
const REMOVED_KEY_MILLISECONDS = 30_000;

/**
 * Fetches the keys that the issuer publishes and keeps them in memory.
 *
 * The keys are fetched when they are first needed, when a token names an unknown key id, and when they are old. A token
 * signed with a newly published key is therefore accepted at once. While the issuer is down, the last keys stay in use.
 */
@Injectable()
export class RemoteVerificationKeys extends VerificationKeys {
  private readonly logger = new Logger(RemoteVerificationKeys.name);
  private readonly budget: FetchBudget;
  /** The ids of keys that are no longer published, each with the time at which this was noticed. */
  private readonly removedIds = new Map<string, number>();
  private published?: PublishedKeys;
  private publishedAt = -Infinity;
  private coolDownUntil = -Infinity;
  private fetchError?: unknown;
  private fetching?: Promise<void>;

  constructor(
    @Inject(GUARDS_OPTIONS)
    private readonly options: Pick<GuardsOptions, 'issuer' | 'jwksUri' | 'plainHttpOrigins' | 'fetch' | 'now'>,
  ) {
    super();
    this.budget = new FetchBudget(UNKNOWN_KEY_FETCHES, UNKNOWN_KEY_FETCH_INTERVAL_MILLISECONDS, () => this.now());
  }

  async find(kid: string, alg: SigningAlgorithm): Promise<VerificationKey | undefined> {
    const known = this.published?.find(kid, alg);
    if (known) {
      if (this.isOld() && !this.isCoolingDown()) void this.fetchOnce();
      return known;
    }
    // A running fetch may have started before the key was published: if it does not find the key, fetch again.
    if (this.fetching) await this.fetching;
    return this.published?.find(kid, alg) ?? (this.wasRemoved(kid) ? undefined : this.findAfterFetch(kid, alg));
  }

  /** @throws DependencyUnavailableError when the keys cannot be fetched now, so that the issuer may have the key. */
  private async findAfterFetch(kid: string, alg: SigningAlgorithm): Promise<VerificationKey | undefined> {
    if (!this.fetching && this.published && (this.isCoolingDown() || !this.budget.take())) throw this.unavailable();
    await this.fetchOnce();
    const found = this.published?.find(kid, alg);
    if (!found && this.fetchError) throw this.unavailable();
    return found;
  }

  private unavailable(): DependencyUnavailableError {
    return new DependencyUnavailableError('authorization server', { cause: this.fetchError });
  }

  private isOld(): boolean {
    const maxAge = (this.published?.maxAge ?? Infinity) * 1000;
    return this.now() - this.publishedAt >= Math.min(maxAge, LONGEST_MAX_AGE_MILLISECONDS);
  }

  private isCoolingDown(): boolean {
    return this.now() < this.coolDownUntil;
  }

  private wasRemoved(kid: string): boolean {
    return this.now() - (this.removedIds.get(kid) ?? -Infinity) < REMOVED_KEY_MILLISECONDS;
  }

  /** Fetches the keys once for all concurrent callers. Never rejects; stores an error in `fetchError`. */
  private fetchOnce(): Promise<void> {
    this.fetching ??= this.fetchKeys().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async fetchKeys(): Promise<void> {
    try {
      const published = await PublishedKeys.fetch(this.options);
      this.recordRemoved(published);
      this.published = published;
      this.publishedAt = this.now();
      this.fetchError = undefined;
    } catch (error) {
      this.fetchError = error;
      this.coolDownUntil = this.now() + COOL_DOWN_MILLISECONDS;
      this.logger.warn(`The keys of ${this.options.issuer} could not be fetched: ${reasonOf(error)}`);
    }
  }

  private recordRemoved({ ids }: PublishedKeys): void {
    for (const id of this.removedIds.keys()) if (!this.wasRemoved(id)) this.removedIds.delete(id);
    for (const id of ids) this.removedIds.delete(id);
    for (const id of this.published?.ids ?? []) if (!ids.includes(id)) this.removedIds.set(id, this.now());
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}

/** Returns the message of an error with that of its cause, in which `fetch` says why it failed. */
const reasonOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error ? `${error.message} (${error.cause.message})` : String(error);
