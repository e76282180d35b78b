import type { SigningAlgorithm } from '@trefoil/oauth-protocol';

/**
 * The algorithms that a JWT may be signed with. All are asymmetric, so that a published key cannot be used as a shared
 * secret, and `none` is never accepted (RFC 8725 §3.1, RFC 9068 §4).
 */
export const ACCEPTED_ALGORITHMS = ['ES256', 'PS256', 'RS256', 'EdDSA'] as const satisfies readonly SigningAlgorithm[];

const accepted: readonly unknown[] = ACCEPTED_ALGORITHMS;

/** Returns whether an `alg` is accepted. */
export const isAcceptedAlgorithm = (alg: unknown): alg is SigningAlgorithm => accepted.includes(alg);
