import { Inject, Injectable, Logger } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import { GUARDS_OPTIONS, type GuardsOptions } from './guards-options.js';
import { PublishedKeys } from './published-keys.js';
import { VerificationKeys, type VerificationKey } from './verification-keys.js';

/** After this long the keys are fetched again in the background. */
const FRESH_MILLISECONDS = 10 * 60_000;
/** Between two fetches for keys that are not known, or that failed: invented key ids must not become a flood. */
const COOL_DOWN_MILLISECONDS = 30_000;

/**
 * The keys that the issuer publishes, kept in memory.
 *
 * They are fetched when first needed, again for an unknown key id, and again when they are old; while the issuer is
 * down the last ones go on being used.
 */
@Injectable()
export class RemoteVerificationKeys extends VerificationKeys {
  private readonly log = new Logger(RemoteVerificationKeys.name);
  private published?: PublishedKeys;
  private publishedAt = -Infinity;
  private triedAt = -Infinity;
  private fault?: unknown;
  private fetching?: Promise<void>;

  constructor(@Inject(GUARDS_OPTIONS) private readonly options: Pick<GuardsOptions, 'issuer' | 'fetch' | 'now'>) {
    super();
  }

  async find(kid: string, alg: SigningAlgorithm): Promise<VerificationKey | undefined> {
    const known = this.published?.find(kid, alg);
    if (known) {
      if (this.now() - this.publishedAt >= FRESH_MILLISECONDS && !this.isCoolingDown()) void this.fetchOnce();
      return known;
    }
    if (!this.published || this.fetching || !this.isCoolingDown()) await this.fetchOnce();
    // A key that was not found is unknown only when the issuer could be asked.
    if (this.fault) throw new DependencyUnavailableError('authorization server', { cause: this.fault });
    return this.published?.find(kid, alg);
  }

  private isCoolingDown(): boolean {
    return this.now() - this.triedAt < COOL_DOWN_MILLISECONDS;
  }

  /** Fetches the keys, once for all who ask at the same time; what went wrong is kept in `fault`. */
  private fetchOnce(): Promise<void> {
    this.fetching ??= this.fetchKeys().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async fetchKeys(): Promise<void> {
    this.triedAt = this.now();
    try {
      this.published = await PublishedKeys.fetch(this.options.issuer, this.options.fetch ?? fetch);
      this.publishedAt = this.now();
      this.fault = undefined;
    } catch (fault) {
      this.fault = fault;
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
