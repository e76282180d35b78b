import { invalidClientMetadata, isSecretJwk, readJwkSet } from '@trefoil/oauth-protocol';
import type { Client } from '../../client.entity.js';
import { checkFetchedUri } from './check-fetched-uri.js';
import type { RegistrationContext } from './registration-context.js';

/**
 * Checks the public keys of a client. They are given by value or by reference, never both (RFC 7591 §2), and are required
 * when the client signs assertions or requests, or has a self-signed certificate. A private or shared key is refused, because sending it has disclosed it.
 * Keys that this server cannot use are left out of the set, as long as another one can be used (RFC 7517 §5).
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkKeys(
  { metadata, outbound }: Pick<RegistrationContext, 'metadata' | 'outbound'>,
  { tokenEndpointAuthMethod }: Pick<Client, 'tokenEndpointAuthMethod'>,
): Pick<Client, 'jwks' | 'jwksUri'> {
  const { jwks, jwks_uri } = metadata;
  if (jwks && jwks_uri !== undefined) throw invalidClientMetadata('jwks and jwks_uri must not both be given');
  const needsKeys =
    tokenEndpointAuthMethod === 'private_key_jwt' ||
    tokenEndpointAuthMethod === 'self_signed_tls_client_auth' ||
    metadata.request_object_signing_alg !== undefined ||
    metadata.require_signed_request_object;
  if (needsKeys && !jwks && jwks_uri === undefined) {
    throw invalidClientMetadata(
      'jwks or jwks_uri is missing: the client signs its assertions or requests, or has a self-signed certificate',
    );
  }
  if (jwks_uri !== undefined) checkFetchedUri('jwks_uri', jwks_uri, outbound);
  return { jwks: jwks ? checkKeySet(jwks) : null, jwksUri: jwks_uri ?? null };
}

function checkKeySet(jwks: { keys: unknown[] }): NonNullable<Client['jwks']> {
  const secret = jwks.keys.findIndex(isSecretJwk);
  if (secret >= 0) {
    throw invalidClientMetadata(
      `jwks.keys.${secret} must be a public key. Replace this private or shared key, because it has been disclosed`,
    );
  }
  const { keys = [], ignored = 0 } = readJwkSet(jwks) ?? {};
  if (keys.length === 0 && ignored > 0) {
    throw invalidClientMetadata(
      'jwks has no usable key: keys must be well-formed EC, RSA or OKP keys, RSA keys with 2048 bits or more',
    );
  }
  return { keys: keys.map(({ jwk }) => jwk) };
}
