import { invalidClientMetadata } from '@trefoil/oauth-protocol';
import { z } from 'zod';
import type { Client } from '../client.entity.js';
import { secretOf } from '../clients.js';

const identity = z.looseObject({ client_id: z.string(), client_secret: z.string().nullish() });

const MADE_BY_THE_SERVER = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];

/**
 * An update names the client it is about, has its secret if any, and nothing of what only the server makes
 * (RFC 7592 §2.2).
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkUpdatedIdentity(body: unknown, client: Client): void {
  const { data } = identity.safeParse(body);
  if (data?.client_id !== client.clientId) throw invalidClientMetadata('client_id must be that of the client');
  if (data.client_secret != null && !secretOf(client, data.client_secret)) {
    throw invalidClientMetadata('client_secret must be that of the client: it cannot be chosen');
  }
  const made = MADE_BY_THE_SERVER.find((name) => name in data);
  if (made !== undefined) throw invalidClientMetadata(`${made} must not be part of an update`);
}
