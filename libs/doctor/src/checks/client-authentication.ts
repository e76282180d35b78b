import type { Check } from '../check.js';
import { listOf } from '../observations/metadata.js';

const KEY_BASED = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'];

/** Checks that clients can authenticate without a shared secret. */
export const clientAuthentication: Check = {
  rule: 'client-authentication',
  group: 'Protocol',
  title: 'Clients can authenticate with a key instead of a shared secret',
  source: 'RFC 9700 §2.5, FAPI 2.0 Security Profile §5.3.2.1',
  severity: 'low',
  why: 'A shared secret is stored by the client and sent with every request, so it leaks from more places than a private key.',
  fix: 'Offer private_key_jwt, or mutual TLS (RFC 8705), in token_endpoint_auth_methods_supported.',
  judge({ metadata }) {
    const methods = listOf(metadata, 'token_endpoint_auth_methods_supported');
    const evidence = `token_endpoint_auth_methods_supported: ${methods?.join(', ') ?? 'missing, so client_secret_basic'}`;
    const what = 'The token endpoint offers no authentication with a key.';
    return { problems: methods?.some((method) => KEY_BASED.includes(method)) ? [] : [{ what, evidence }], evidence };
  },
};
