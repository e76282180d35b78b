import { invalidClientMetadata } from '@trefoil/oauth-protocol';
import type { JWK } from 'jose';
import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Client } from '../../client.entity.js';
import { checkFetchedUri } from './check-fetched-uri.js';
import type { RegistrationContext } from './registration-context.js';

const text = z.string('must be a string').regex(/^[^\p{Cc}\p{Cs}]*$/u, 'contains a character that is not allowed');
const texts = z.array(text, 'must be an array');

/** The members that are stored (RFC 7517 §4, RFC 7518 §6). Others are dropped. */
const publicMembers = z
  .object({ use: text, key_ops: texts, alg: text, kid: text, x5c: texts, 'x5t#S256': text })
  .extend({ crv: text, x: text, y: text, n: text, e: text })
  .partial()
  .extend({ kty: text });

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const SHORTEST_RSA_BITS = 2048;

/**
 * Checks the public keys of a client. They are given by value or by reference, never both (RFC 7591 §2), and are required
 * when the client signs assertions or requests. A private or shared key is refused, because sending it has disclosed it.
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkKeys(
  { metadata, outbound }: Pick<RegistrationContext, 'metadata' | 'outbound'>,
  { tokenEndpointAuthMethod }: Pick<Client, 'tokenEndpointAuthMethod'>,
): Pick<Client, 'jwks' | 'jwksUri'> {
  const { jwks, jwks_uri } = metadata;
  if (jwks && jwks_uri !== undefined) throw invalidClientMetadata('jwks and jwks_uri must not both be given');
  const mustSign =
    tokenEndpointAuthMethod === 'private_key_jwt' ||
    metadata.request_object_signing_alg !== undefined ||
    metadata.require_signed_request_object;
  if (mustSign && !jwks && jwks_uri === undefined) {
    throw invalidClientMetadata('jwks or jwks_uri is missing: the client has to sign its assertions or requests');
  }
  if (jwks_uri !== undefined) checkFetchedUri('jwks_uri', jwks_uri, outbound);
  return { jwks: jwks ? { keys: jwks.keys.map(checkKey) } : null, jwksUri: jwks_uri ?? null };
}

function checkKey(key: Record<string, unknown>, index: number): JWK & { kty: string } {
  const name = `jwks.keys.${index}`;
  if (key.kty === 'oct' || PRIVATE_MEMBERS.some((member) => member in key)) {
    throw invalidClientMetadata(
      `${name} must be a public key. Replace this private or shared key, because it has been disclosed`,
    );
  }
  const { data, error } = publicMembers.safeParse(key);
  if (!data) {
    const [{ path, message } = { path: [], message: 'is not a key' }] = error.issues;
    throw invalidClientMetadata(`${[name, ...path].join('.')} ${message}`);
  }
  const { asymmetricKeyDetails } = importKey(data, name);
  if ((asymmetricKeyDetails?.modulusLength ?? Infinity) < SHORTEST_RSA_BITS) {
    throw invalidClientMetadata(`${name} must have ${SHORTEST_RSA_BITS} bits or more (RFC 7518 section 3.3)`);
  }
  return data;
}

function importKey(key: JsonWebKey, name: string): KeyObject {
  try {
    return createPublicKey({ key, format: 'jwk' });
  } catch (cause) {
    throw invalidClientMetadata(`${name} is not a usable public key (RFC 7517 section 4)`, { cause });
  }
}
