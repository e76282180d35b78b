import type { SigningAlgorithm } from '@trefoil/oauth-protocol';

/** The algorithms that the provider signs with. Each has a key from the first start on. */
export const OFFERED_ALGORITHMS = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const satisfies readonly SigningAlgorithm[];
