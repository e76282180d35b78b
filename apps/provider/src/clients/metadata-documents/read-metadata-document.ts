import { invalidClientMetadata, RESPONSE_MODES, usesClientSecret } from '@trefoil/oauth-protocol';
import { z } from 'zod';
import { type ClientMetadata, readClientMetadata } from '../metadata/client-metadata.js';

/** The largest accepted document (Client ID Metadata Document §6.6). */
const MOST_BYTES = 5 * 1024;

const documentSchema = z.looseObject({
  client_id: z.string(),
  token_endpoint_auth_method: z.string().nullish(),
  grant_types: z.array(z.string()).nullish(),
  response_modes: z.array(z.string()).nullish(),
});

/**
 * Reads the metadata document that a client publishes at the URL that is its `client_id` (Client ID Metadata Document §4.1).
 *
 * The document is written for every server. Therefore grant types and response modes that this server does not support, and
 * all scopes, are ignored. The document is public. Therefore it must not contain a secret, and the client cannot
 * authenticate with one.
 *
 * @throws OAuthError `invalid_client_metadata`, `invalid_redirect_uri`
 */
export function readMetadataDocument(json: unknown, url: string, offeredGrantTypes: readonly string[]): ClientMetadata {
  const { data } = documentSchema.safeParse(json);
  if (!data) throw invalidClientMetadata('the document must be client metadata with a client_id');
  if (Buffer.byteLength(JSON.stringify(data)) > MOST_BYTES) {
    throw invalidClientMetadata('the document is larger than 5 KiB');
  }
  if (data.client_id !== url) throw invalidClientMetadata('client_id of the document must be the URL of the document');
  const secret = ['client_secret', 'client_secret_expires_at'].find((name) => name in data);
  if (secret !== undefined) throw invalidClientMetadata(`${secret} must not be in a public document`);
  const method = data.token_endpoint_auth_method ?? 'none';
  if (usesClientSecret(method)) {
    throw invalidClientMetadata('token_endpoint_auth_method must not be a method with a secret');
  }
  return readClientMetadata({
    ...data,
    token_endpoint_auth_method: method,
    grant_types: data.grant_types?.filter((name) => offeredGrantTypes.includes(name)),
    response_modes: data.response_modes?.filter((name) => RESPONSE_MODES.some((offered) => offered === name)),
    scope: undefined,
    security_profile: undefined,
  });
}
