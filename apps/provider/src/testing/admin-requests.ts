import { Clients } from '../clients/clients.js';
import { ADMINISTRATOR, givenAccountTokens } from './api-requests.js';
import type { ProviderUnderTest } from './provider-under-test.js';
import { MARKETING_SYNC, post } from './token-requests.js';

const ADMIN_SCOPES = ['admin:read', 'admin:write'];

/** Returns a token for the admin API of a user who signed in at the frontend, which is registered for the scopes first. */
export async function givenAdminToken(
  provider: ProviderUnderTest,
  { scopes = ADMIN_SCOPES, userId = ADMINISTRATOR } = {},
): Promise<string> {
  await register(provider, 'frontend', scopes);
  return (await givenAccountTokens(provider, ['openid', ...scopes], { userId })).accessToken;
}

/** Returns a token for the admin API of the demo's machine client, which is registered for the scopes first. */
export async function givenAdminMachineToken(provider: ProviderUnderTest, scopes = ADMIN_SCOPES): Promise<string> {
  await register(provider, 'marketing-sync', scopes);
  const { body } = await post(
    provider,
    '/token',
    { grant_type: 'client_credentials', scope: scopes.join(' ') },
    MARKETING_SYNC,
  );
  return body.access_token;
}

async function register(provider: ProviderUnderTest, clientId: string, scopes: string[]): Promise<void> {
  await provider.dataSource.query(
    `UPDATE clients SET scopes = ARRAY(SELECT unnest(scopes) UNION SELECT unnest($2::text[])) WHERE client_id = $1`,
    [clientId, scopes],
  );
  provider.app.get(Clients).forget(clientId);
}
