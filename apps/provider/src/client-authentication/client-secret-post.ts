import type { CredentialsReader } from './presented-credentials.js';

/** `client_secret_post`: id and secret in the body (RFC 6749 §2.3.1). */
export const clientSecretPost: CredentialsReader = (_headers, parameters) => {
  const secret = parameters.get('client_secret');
  return secret === undefined
    ? undefined
    : { method: 'client_secret_post', clientId: parameters.require('client_id'), secret };
};
