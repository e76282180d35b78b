import { Inject, Injectable, Logger } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import { GUARDS_OPTIONS, type GuardsOptions } from '../guards-options.js';
import { PublishedKeys } from './published-keys.js';
import { VerificationKeys, type VerificationKey } from './verification-keys.js';

/** The keys are fetched again in the background after this time, or after the issuer's `max-age` if that is shorter. */
const LONGEST_MAX_AGE_MILLISECONDS = 10 * 60_000;
/** The pause after a fetch that failed or did not find the key, so that invented key ids cannot flood the issuer. */
const COOL_DOWN_MILLISECONDS = 30_000;

/**
 * Fetches the keys that the issuer publishes and keeps them in memory.
 *
 * The keys are fetched when they are first needed, when a token names an unknown key id, and when they are old. A token
 * signed with a newly published key is therefore accepted at once. While the issuer is down, the last keys stay in use.
 */
@Injectable()
export class RemoteVerificationKeys extends VerificationKeys {
  private readonly logger = new Logger(RemoteVerificationKeys.name);
  private published?: PublishedKeys;
  private publishedAt = -Infinity;
  private coolDownUntil = -Infinity;
  private fetchError?: unknown;
  private fetching?: Promise<void>;

  constructor(@Inject(GUARDS_OPTIONS) private readonly options: Pick<GuardsOptions, 'issuer' | 'fetch' | 'now'>) {
    super();
  }

  async find(kid: string, alg: SigningAlgorithm): Promise<VerificationKey | undefined> {
    const known = this.published?.find(kid, alg);
    if (known) {
      if (this.isOld() && !this.isCoolingDown()) void this.fetchOnce();
      return known;
    }
    const found = await this.findAfterFetch(kid, alg);
    // After a failed fetch, nobody can tell whether the issuer has the key.
    if (!found && this.fetchError) {
      throw new DependencyUnavailableError('authorization server', { cause: this.fetchError });
    }
    return found;
  }

  private async findAfterFetch(kid: string, alg: SigningAlgorithm): Promise<VerificationKey | undefined> {
    // A running fetch may have started before the key was published: if it does not find the key, fetch again.
    if (this.fetching) await this.fetching;
    const found = this.published?.find(kid, alg);
    if (found || (this.published && this.isCoolingDown())) return found;
    await this.fetchOnce();
    const fetched = this.published?.find(kid, alg);
    if (!fetched) this.coolDown();
    return fetched;
  }

  private isOld(): boolean {
    const maxAge = (this.published?.maxAge ?? Infinity) * 1000;
    return this.now() - this.publishedAt >= Math.min(maxAge, LONGEST_MAX_AGE_MILLISECONDS);
  }

  private isCoolingDown(): boolean {
    return this.now() < this.coolDownUntil;
  }

  private coolDown(): void {
    this.coolDownUntil = this.now() + COOL_DOWN_MILLISECONDS;
  }

  /** Fetches the keys once for all concurrent callers. Never rejects; stores an error in `fetchError`. */
  private fetchOnce(): Promise<void> {
    this.fetching ??= this.fetchKeys().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async fetchKeys(): Promise<void> {
    try {
      this.published = await PublishedKeys.fetch(this.options.issuer, this.options.fetch ?? fetch);
      this.publishedAt = this.now();
      this.fetchError = undefined;
    } catch (error) {
      this.fetchError = error;
      this.coolDown();
      this.logger.warn(`The keys of ${this.options.issuer} could not be fetched: ${reasonOf(error)}`);
    }
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}

/** Returns the message of an error with that of its cause, in which `fetch` says why it failed. */
const reasonOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error ? `${error.message} (${error.cause.message})` : String(error);
