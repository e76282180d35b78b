import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const library = join(createRequire(import.meta.url).resolve('oidc-client-ts/package.json'), '../dist/browser');

/** The page of the application. Tests call the functions of `app`, each of which calls the library. */
const PAGE = `<!doctype html><title>App</title><script src="/oidc-client-ts.js"></script><script>
  const settings = { ...JSON.parse(sessionStorage.settings ?? '{}') };
  if (settings.dpop) settings.dpop = { ...settings.dpop, store: new oidc.IndexedDbDPoPStore() };
  const manager = new oidc.UserManager({ ...settings, userStore: new oidc.WebStorageStateStore({ store: sessionStorage }) });
  const shown = (user) => user && { token: user.access_token, type: user.token_type, refresh: user.refresh_token,
    idToken: user.id_token, profile: user.profile, scope: user.scope };
  const app = {
    signIn: () => manager.signinRedirect(),
    finish: () => manager.signinRedirectCallback().then(shown),
    renew: () => manager.signinSilent().then(shown),
    finishSilently: () => manager.signinSilentCallback(),
    revoke: () => manager.revokeTokens(['refresh_token', 'access_token']),
    signOut: () => manager.signoutRedirect(),
    read: async (url) => {
      const user = await manager.getUser();
      const proof = await manager.dpopProof(url, user, 'GET');
      const answer = await fetch(url, { headers: { authorization: 'DPoP ' + user.access_token, dpop: proof } });
      return { status: answer.status, body: await answer.json() };
    },
  };
</script>`;

/** The page for the redirect in a hidden frame. It passes the response to the page around it. */
const SILENT = PAGE.replace('</script>\n', '') + '<script>app.finishSilently()</script>';

/** An application that runs in the browser alone. Its server only serves files. */
export interface BrowserApp {
  readonly origin: string;
  stop(): Promise<void>;
}

/** Starts the server of the application on loopback. */
export async function serveBrowserApp(): Promise<BrowserApp> {
  const script = await readFile(join(library, 'oidc-client-ts.min.js'));
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://app').pathname;
    const isScript = path === '/oidc-client-ts.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : path === '/silent' ? SILENT : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = () => new Promise<void>((resolve) => (server.closeAllConnections(), server.close(() => resolve())));
  return { origin: `http://localhost:${port}`, stop };
}
