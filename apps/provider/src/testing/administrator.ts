import type { GrantContent } from '../grants/grant-content.js';
import { givenAccountTokens } from './api-requests.js';
import type { ProviderUnderTest } from './provider-under-test.js';

/** The demo's administrator. */
export const ADMINISTRATOR = 'ad000000-0000-4000-8000-000000000003';

/** A token of the demo's administrator with which events are read; override what a test is about. */
export async function givenAdministratorToken(
  provider: ProviderUnderTest,
  overrides: Partial<GrantContent> = {},
): Promise<string> {
  const scopes = ['openid', 'account:read', 'events:read'];
  return (await givenAccountTokens(provider, scopes, { userId: ADMINISTRATOR, ...overrides })).accessToken;
}
