import { importJWK } from 'jose';
import { type ClientAuth, ClientSecretBasic, PrivateKeyJwt, TlsClientAuth } from 'openid-client';
import type { ClientCertificateSource } from './certificate-fetch.js';

/** The private key of a client, as a JWK (RFC 7517 §4). */
export interface ClientKey extends JsonWebKey {
  readonly kid: string;
  readonly alg: string;
}

/**
 * The credentials of a client. It authenticates with its secret or its key, of which it may have one, and without them with
 * its certificate.
 */
export interface ClientCredentialOptions {
  /** The secret of the client, for `client_secret_basic` (RFC 6749 §2.3.1). */
  readonly clientSecret?: string | undefined;
  /** The key of the client, for `private_key_jwt` (OpenID Connect Core §9). */
  readonly privateKey?: ClientKey | undefined;
  /**
   * The certificate of the client, for `tls_client_auth` or `self_signed_tls_client_auth` and for certificate-bound tokens.
   * With it, requests go to the endpoints that the provider publishes for certificates (RFC 8705 §5).
   */
  readonly certificate?: ClientCertificateSource | undefined;
}

/** Checks that a client has credentials. @throws Error when it has none, or both a secret and a key. */
export function requireCredentials({ clientSecret, privateKey, certificate }: ClientCredentialOptions): void {
  if (clientSecret === undefined && !privateKey && !certificate) {
    throw new Error('The client has no credentials. Set clientSecret, privateKey or certificate.');
  }
  if (clientSecret !== undefined && privateKey) {
    throw new Error('The client has both clientSecret and privateKey. Set one of them.');
  }
}

/** Returns the client authentication for openid-client. */
export async function clientAuthentication({ clientSecret, privateKey }: ClientCredentialOptions): Promise<ClientAuth> {
  if (clientSecret !== undefined) return ClientSecretBasic(clientSecret);
  if (!privateKey) return TlsClientAuth();
  const key = await importJWK(privateKey, privateKey.alg);
  if (key instanceof Uint8Array) throw new Error('The key of the client is symmetric. Use a private key.');
  return PrivateKeyJwt({ key, kid: privateKey.kid });
}
