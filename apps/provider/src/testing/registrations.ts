import { type ApiAnswer, request } from './api-requests.js';
import type { ProviderUnderTest } from './provider-under-test.js';

/** The initial access token of the demo. */
export const INITIAL_ACCESS_TOKEN = 'demo-initial-access-token';

/** Where registered clients are answered in tests; nobody listens there. */
export const CLIENT_CALLBACK = 'https://client.example/callback';

/** Sends client metadata to the provider; by default to be registered, with the demo's initial access token. */
export function sendMetadata(
  provider: ProviderUnderTest,
  metadata: unknown,
  { token = INITIAL_ACCESS_TOKEN, method = 'POST', path = '/register' }: Partial<Record<string, string>> = {},
): Promise<ApiAnswer> {
  const headers = { 'content-type': 'application/json' };
  return request(provider, path, { method, token, headers, body: JSON.stringify(metadata) });
}

/** Registers a client and returns what it was told; override what a test is about. */
export async function givenRegisteredClient(
  provider: ProviderUnderTest,
  metadata: Record<string, unknown> = {},
): Promise<ApiAnswer['body']> {
  const { status, body } = await sendMetadata(provider, { redirect_uris: [CLIENT_CALLBACK], ...metadata });
  if (status !== 201) throw new Error(`the client was not registered: ${JSON.stringify(body)}`);
  return body;
}
