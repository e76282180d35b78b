import type { SigningAlgorithm } from '@trefoil/oauth-protocol';

/**
 * The algorithms a token may be signed with: asymmetric ones only, so that no published key can be taken for a shared
 * secret, and never `none` (RFC 8725 §3.1, RFC 9068 §4).
 */
export const ACCEPTED_ALGORITHMS = ['ES256', 'PS256', 'RS256', 'EdDSA'] as const satisfies readonly SigningAlgorithm[];

const accepted: readonly unknown[] = ACCEPTED_ALGORITHMS;

/** Whether an `alg` is one that is accepted. */
export const isAcceptedAlgorithm = (alg: unknown): alg is SigningAlgorithm => accepted.includes(alg);
