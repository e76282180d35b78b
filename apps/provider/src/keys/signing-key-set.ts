import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { PublishedKey, SigningKey } from '@trefoil/token-issuance';
import type { KeyObject } from 'node:crypto';

/** A signing key with the times of its life. */
export interface TimedKey {
  readonly key: PublishedKey & { readonly privateKey?: KeyObject };
  readonly signsFrom: Date;
  readonly retiresAt: Date | null;
}

/**
 * The signing keys as they were read at one moment. Which of them signs, and which are published, goes by the database's
 * clock: the time of the reading, and what has passed since on a clock that nobody sets.
 */
export class SigningKeySet {
  private readonly keys: readonly TimedKey[];

  /**
   * @param readAt the database's time when the keys were read.
   * @param elapsed milliseconds since then.
   */
  constructor(
    keys: readonly TimedKey[],
    private readonly readAt: Date,
    private readonly elapsed: () => number,
  ) {
    this.keys = keys.toSorted((a, b) => b.signsFrom.getTime() - a.signsFrom.getTime() || compare(a.key.kid, b.key.kid));
  }

  /** The newest key of an algorithm whose time has come; undefined when there is none. */
  current(algorithm: SigningAlgorithm): SigningKey | undefined {
    const now = this.now();
    for (const { key, signsFrom } of this.unretired(now)) {
      if (key.algorithm === algorithm && signsFrom.getTime() <= now && canSign(key)) return key;
    }
    return undefined;
  }

  /** The keys that are not retired, newest first; those that will sign are among them. */
  published(): readonly PublishedKey[] {
    return this.unretired(this.now()).map(({ key }) => key);
  }

  /** All of them, retired ones too. */
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
