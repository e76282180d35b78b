import { usesClientSecret } from './client-authentication-method.js';

it.each(['client_secret_basic', 'client_secret_post', 'client_secret_jwt'])(
  '%s needs a client secret (OpenID Connect Core §9)',
  (method) => expect(usesClientSecret(method)).toBe(true),
);

it.each(['none', 'private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth', '', 'client_secret'])(
  'the method "%s" needs no client secret',
  (method) => expect(usesClientSecret(method)).toBe(false),
);
