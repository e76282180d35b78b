import type { DpopOptions } from '@trefoil/guards';
import { hkdfSync } from 'node:crypto';
import type { ProviderConfig } from '../../config.js';

const NONCE_KEY_BYTES = 32;

/**
 * Returns how the provider verifies DPoP proofs at its endpoints and its own API. The nonce keys derive from
 * `GRANT_KEY`.
 */
export const dpopOptions = ({
  ISSUER,
  GRANT_KEY,
  DPOP_NONCE,
  MTLS_URL,
}: Pick<ProviderConfig, 'ISSUER' | 'GRANT_KEY' | 'DPOP_NONCE' | 'MTLS_URL'>): DpopOptions => ({
  publicUrl: ISSUER,
  otherUrls: MTLS_URL === undefined ? [] : [MTLS_URL],
  nonceKeys: GRANT_KEY.map((key) => new Uint8Array(hkdfSync('sha256', key, '', 'trefoil dpop nonce', NONCE_KEY_BYTES))),
  nonceRequired: DPOP_NONCE === 'required',
});
