import { Inject, Injectable, Logger } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import { GUARDS_OPTIONS, type GuardsOptions } from '../guards-options.js';
import { PublishedKeys } from './published-keys.js';
import { VerificationKeys, type VerificationKey } from './verification-keys.js';

/** After this long the keys are fetched again in the background, unless the issuer says sooner. */
const LONGEST_FRESH_MILLISECONDS = 10 * 60_000;
/** After a fetch that failed, or did not bring the key it was for: invented key ids must not become a flood. */
const COOL_DOWN_MILLISECONDS = 30_000;

/**
 * The keys that the issuer publishes, kept in memory.
 *
 * They are fetched when first needed, again for an unknown key id, and again when they are old; while the issuer is
 * down the last ones go on being used. An issuer that signs with a key it has only just published is so believed at once.
 */
@Injectable()
export class RemoteVerificationKeys extends VerificationKeys {
  private readonly log = new Logger(RemoteVerificationKeys.name);
  private published?: PublishedKeys;
  private publishedAt = -Infinity;
  private coolUntil = -Infinity;
  private fault?: unknown;
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
    const found = await this.findAnew(kid, alg);
    // A key that was not found is unknown only when the issuer could be asked.
    if (!found && this.fault) throw new DependencyUnavailableError('authorization server', { cause: this.fault });
    return found;
  }

  private async findAnew(kid: string, alg: SigningAlgorithm): Promise<VerificationKey | undefined> {
    // What is under way may have been asked for before the key was published.
    if (this.fetching) await this.fetching;
    const found = this.published?.find(kid, alg);
    if (found || (this.published && this.isCoolingDown())) return found;
    await this.fetchOnce();
    const fetched = this.published?.find(kid, alg);
    if (!fetched) this.coolDown();
    return fetched;
  }

  private isOld(): boolean {
    const advised = (this.published?.maxAge ?? Infinity) * 1000;
    return this.now() - this.publishedAt >= Math.min(advised, LONGEST_FRESH_MILLISECONDS);
  }

  private isCoolingDown(): boolean {
    return this.now() < this.coolUntil;
  }

  private coolDown(): void {
    this.coolUntil = this.now() + COOL_DOWN_MILLISECONDS;
  }

  /** Fetches the keys, once for all who ask at the same time; what went wrong is kept in `fault`. */
  private fetchOnce(): Promise<void> {
    this.fetching ??= this.fetchKeys().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async fetchKeys(): Promise<void> {
    try {
      this.published = await PublishedKeys.fetch(this.options.issuer, this.options.fetch ?? fetch);
      this.publishedAt = this.now();
      this.fault = undefined;
    } catch (fault) {
      this.fault = fault;
      this.coolDown();
      this.log.warn(`The keys of ${this.options.issuer} could not be fetched: ${reasonOf(fault)}`);
    }
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }
}

/** `fetch` says what went wrong only in the cause of its error. */
const reasonOf = (fault: unknown): string =>
  fault instanceof Error && fault.cause instanceof Error ? `${fault.message} (${fault.cause.message})` : String(fault);
