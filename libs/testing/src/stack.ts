import type { DatabaseUrls, PerApp, PerResourceServer, Stack } from '@trefoil/local-stack';

interface TestStack {
  urls: PerApp<string>;
  mtlsUrls: PerResourceServer<string>;
  databaseUrls: DatabaseUrls;
  pki: Stack['pki'];
  webClient: { clientId: string; clientSecret: string };
}

/** Returns the URLs of the servers that run for the end-to-end tests. */
export function stackUrls(): PerApp<string> {
  return testStack().urls;
}

/** Returns the connection URLs of their databases, for state that no server shows. */
export function stackDatabaseUrls(): DatabaseUrls {
  return testStack().databaseUrls;
}

/** Returns their URLs for clients with certificates, and their certificates. */
export function stackCertificates(): Pick<TestStack, 'mtlsUrls' | 'pki'> {
  return testStack();
}

/**
 * Returns a client that may do what the frontend may, and authenticates with a secret: for OAuth clients written by others.
 * Its redirect URI is that of the frontend.
 */
export function stackWebClient(): TestStack['webClient'] {
  return testStack().webClient;
}

function testStack(): TestStack {
  const { STACK, STACK_FAILURE } = process.env;
  if (STACK) return JSON.parse(STACK) as TestStack;
  throw new Error(STACK_FAILURE ?? 'This test has no servers. Move it to e2e/src to get them.');
}
