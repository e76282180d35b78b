import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { PublishedKey, SigningKey } from '@trefoil/token-issuance';
import type { KeyObject } from 'node:crypto';

/** A signing key with the times at which it starts to sign and retires. A retired key has no private part. */
export interface TimedKey {
  readonly key: PublishedKey & { readonly privateKey?: KeyObject };
  readonly signsFrom: Date;
  readonly retiresAt: Date | null;
}

/**
 * The signing keys as they were read at one moment. The clock of the database decides which of them sign and which are
 * published: the time of the reading plus the time elapsed since then on a monotonic clock.
 */
export class SigningKeySet {
  private readonly keys: readonly TimedKey[];

  /**
   * @param readAt the time of the database when the keys were read.
   * @param elapsed returns the milliseconds since then.
   */
  constructor(
    keys: readonly TimedKey[],
    private readonly readAt: Date,
    private readonly elapsed: () => number,
  ) {
    this.keys = keys.toSorted((a, b) => b.signsFrom.getTime() - a.signsFrom.getTime() || compare(a.key.kid, b.key.kid));
  }

  /** Returns the newest key of an algorithm that may sign now; undefined when there is none. */
  current(algorithm: SigningAlgorithm): SigningKey | undefined {
    const now = this.now();
    for (const { key, signsFrom } of this.unretired(now)) {
      if (key.algorithm === algorithm && signsFrom.getTime() <= now && canSign(key)) return key;
    }
    return undefined;
  }

  /** Returns the keys that are not retired, newest first, including those that do not sign yet. */
  published(): readonly PublishedKey[] {
    return this.unretired(this.now()).map(({ key }) => key);
  }

  /** Returns all keys, including retired ones. */
  all(): readonly PublishedKey[] {
    return this.keys.map(({ key }) => key);
  }

  private unretired(now: number): readonly TimedKey[] {
    return this.keys.filter(({ retiresAt }) => (retiresAt?.getTime() ?? Infinity) > now);
  }

  private now(): number {
    return this.readAt.getTime() + this.elapsed();
  }
}

const canSign = (key: TimedKey['key']): key is SigningKey => key.privateKey !== undefined;

const compare = (a: string, b: string): number => (a < b ? -1 : 1);
