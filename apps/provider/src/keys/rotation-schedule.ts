import type { ProviderConfig } from '../config.js';

/** How often every replica reads the keys, in seconds. */
export const READ_INTERVAL = 1;

/** How long it takes until every replica publishes a new key, in seconds: one failed reading and the next one. */
const REPLICA_DELAY = 5;

/** How far the clocks of two servers may differ, in seconds. */
const CLOCK_SKEW = 60;

/** The longest lifetime of other signed responses, such as authorization responses and logout tokens, in seconds. */
const LEAST_VERIFICATION_PERIOD = 600;

/** The configuration that the rotation schedule is computed from. */
export type RotationScheduleConfig = Pick<
  ProviderConfig,
  'JWKS_MAX_AGE' | 'SIGNING_KEY_LIFETIME' | 'ID_TOKEN_LIFETIME' | 'SESSION_LIFETIME'
>;

/** The periods in the life of a signing key, in seconds. */
export interface RotationSchedule {
  /** From the publication of a key until every replica publishes it: the shortest time until it may sign. */
  readonly replicaDelay: number;
  /**
   * From the publication of a key until it signs, so that every verifier has it by then. Caches keep `/jwks` for its
   * `max-age`, and verifiers keep their copy for about twice that time.
   */
  readonly publicationLead: number;
  /** For how long a key signs. */
  readonly lifetime: number;
  /** From the last signature of a key until it has expired, unless an access token lives longer. */
  readonly verificationPeriod: number;
  /** Added to the verification period for clocks that differ. */
  readonly clockSkew: number;
  /** For how long the public part of a retired key is kept, to verify expired ID tokens that come back as hints. */
  readonly retiredRetention: number;
}

/** Computes the rotation schedule from the configuration. */
export const rotationSchedule = (config: RotationScheduleConfig): RotationSchedule => ({
  replicaDelay: REPLICA_DELAY,
  publicationLead: 3 * config.JWKS_MAX_AGE + REPLICA_DELAY,
  lifetime: config.SIGNING_KEY_LIFETIME,
  verificationPeriod: Math.max(config.ID_TOKEN_LIFETIME, LEAST_VERIFICATION_PERIOD),
  clockSkew: CLOCK_SKEW,
  retiredRetention: config.SESSION_LIFETIME,
});
