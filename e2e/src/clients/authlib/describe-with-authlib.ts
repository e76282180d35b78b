import { AuthlibClient } from './authlib-client.js';
import { findAuthlib } from './find-authlib.js';

/** Starts a client that ends after the test. */
export type NewAuthlibClient = () => AuthlibClient;

/** Describes tests that need Authlib. Without Authlib they are skipped, and their name says why. */
export function describeWithAuthlib(name: string, tests: (newClient: NewAuthlibClient) => void): void {
  const python = findAuthlib();
  if (python === undefined) {
    describe.skip(`${name} (no Authlib: install python3-authlib and python3-requests)`, () => tests(unavailable));
    return;
  }
  describe(name, () => {
    const clients: AuthlibClient[] = [];
    afterEach(() => Promise.all(clients.splice(0).map((client) => client.stop())));
    tests(() => {
      const client = AuthlibClient.start(python);
      clients.push(client);
      return client;
    });
  });
}

function unavailable(): AuthlibClient {
  throw new Error('Authlib was not found. Install python3-authlib and python3-requests.');
}
