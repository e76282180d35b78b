import type { SigningAlgorithm } from '@trefoil/oauth-protocol';

/** The algorithms the provider signs with; each has a key from the first start on. */
export const OFFERED_ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const satisfies readonly SigningAlgorithm[];
