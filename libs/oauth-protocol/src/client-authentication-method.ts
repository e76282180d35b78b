/**
 * The methods of client authentication at the token endpoint (RFC 7591 §2, OpenID Connect Core §9, RFC 8705 §2).
 */
export type ClientAuthenticationMethod =
  | 'none'
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'private_key_jwt'
  | 'tls_client_auth'
  | 'self_signed_tls_client_auth';

/** Returns whether a client authenticates with a certificate by a method (RFC 8705 §2). */
export const usesCertificate = (method: string): boolean =>
  method === 'tls_client_auth' || method === 'self_signed_tls_client_auth';

/**
 * Returns whether an authentication method needs a client secret. This holds for every method whose registered name
 * starts with `client_secret_`, also for those that Trefoil does not offer (OpenID Connect Core §9).
 */
export const usesClientSecret = (method: string): boolean => method.startsWith('client_secret_');
