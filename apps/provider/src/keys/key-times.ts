import type { ProviderConfig } from '../config.js';

/** How often every replica reads the keys, in seconds. */
export const READ_PAUSE = 1;

/** How long it takes until every replica publishes a new key, in seconds: a reading that fails, and the next one. */
const SPREAD = 5;

/** How far the clocks of two servers may be apart, in seconds. */
const CLOCK_SKEW = 60;

/** Signed authorization responses and the like live this long at most, in seconds. */
const LEAST_VERIFIED = 600;

/** The configuration that the lives of keys follow from. */
export type KeyTimesConfig = Pick<
  ProviderConfig,
  'JWKS_MAX_AGE' | 'SIGNING_KEY_LIFETIME' | 'ID_TOKEN_LIFETIME' | 'SESSION_LIFETIME'
>;

/** The steps in the life of a signing key, in seconds. */
export interface KeyTimes {
  /** From the publication of a key until it signs, when nobody has to have it before. */
  readonly spread: number;
  /**
   * From the publication of a key until it signs, so that whoever verifies has it by then: `/jwks` may lie in a cache for
   * its `max-age`, and verifiers keep their copy of that for about twice as long as we advise.
   */
  readonly wait: number;
  /** For how long a key signs. */
  readonly lifetime: number;
  /** From a key's last signature until it has expired, unless an access token lives longer. */
  readonly verified: number;
  /** What must be added for clocks that differ. */
  readonly skew: number;
  /** For how long ID tokens come back as hints after they have expired. */
  readonly remembered: number;
}

/** What the configuration makes of the lives of keys. */
export const keyTimes = (config: KeyTimesConfig): KeyTimes => ({
  spread: SPREAD,
  wait: 3 * config.JWKS_MAX_AGE + SPREAD,
  lifetime: config.SIGNING_KEY_LIFETIME,
  verified: Math.max(config.ID_TOKEN_LIFETIME, LEAST_VERIFIED),
  skew: CLOCK_SKEW,
  remembered: config.SESSION_LIFETIME,
});
