import { type ApiAnswer, request } from './api-requests.js';
import type { ProviderUnderTest } from './provider-under-test.js';
import { CLIENT_CALLBACK } from './test-clients.js';

/** The initial access token of the demo. */
export const INITIAL_ACCESS_TOKEN = 'demo-initial-access-token';

/** Sends client metadata to the provider, by default to register a client with the initial access token of the demo. */
export function sendMetadata(
  provider: ProviderUnderTest,
  metadata: unknown,
  { token = INITIAL_ACCESS_TOKEN, method = 'POST', path = '/register' }: Partial<Record<string, string>> = {},
): Promise<ApiAnswer> {
  const headers = { 'content-type': 'application/json' };
  return request(provider, path, { method, token, headers, body: JSON.stringify(metadata) });
}

/** Registers a client over HTTP. Returns the registration response. */
export async function givenRegisteredClient(
  provider: ProviderUnderTest,
  metadata: Record<string, unknown> = {},
): Promise<ApiAnswer['body']> {
  const { status, body } = await sendMetadata(provider, { redirect_uris: [CLIENT_CALLBACK], ...metadata });
  if (status !== 201) throw new Error(`The client was not registered: ${JSON.stringify(body)}`);
  return body;
}
