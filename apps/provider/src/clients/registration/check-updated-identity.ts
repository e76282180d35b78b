import { invalidClientMetadata } from '@trefoil/oauth-protocol';
import { z } from 'zod';
import type { Client } from '../client.entity.js';
import { matchingSecret } from '../secrets/client-secrets.js';

const identity = z.looseObject({ client_id: z.string(), client_secret: z.string().nullish() });

/** Members that only the server sets. */
const SERVER_MEMBERS = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];

/**
 * Checks that an update contains the client's own id, its own secret if any, and no member that only the server sets
 * (RFC 7592 §2.2).
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkUpdatedIdentity(body: unknown, client: Client): void {
  const { data } = identity.safeParse(body);
  if (data?.client_id !== client.clientId) throw invalidClientMetadata('client_id must be that of the client');
  if (data.client_secret != null && !matchingSecret(client, data.client_secret)) {
    throw invalidClientMetadata('client_secret must be that of the client: it cannot be chosen');
  }
  const forbidden = SERVER_MEMBERS.find((name) => name in data);
  if (forbidden !== undefined) throw invalidClientMetadata(`${forbidden} must not be part of an update`);
}
