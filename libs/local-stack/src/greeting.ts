import type { AppName, PerApp } from './apps.js';
import type { Stack } from './stack/stack.js';

const purposes: PerApp<string> = {
  frontend: 'open this in a browser',
  provider: 'the OpenID provider, and the issuer',
  backend: 'the API',
};

/** Returns the text that `npm start` prints when everything is ready: addresses, demo users, and a command to try. */
export function greeting({ urls, pki }: Pick<Stack, 'urls' | 'pki'>, only: readonly AppName[], logs: string): string {
  const order: AppName[] = ['frontend', 'provider', 'backend'];
  const addresses = order.filter((app) => only.includes(app)).map((app) => row(app, urls[app], purposes[app]));
  const lines = ['', 'Trefoil is ready:', '', ...addresses];
  if (only.includes('provider')) {
    lines.push(
      '',
      'Sign in as:',
      '',
      ...['alice', 'bob', 'admin'].map((name) => `  ${name}@example.com`.padEnd(22) + `${name}-demo-password`),
    );
  }
  if (only.includes('provider') && only.includes('backend')) {
    lines.push('', 'Get a token as a machine client and read the contacts with it:', '');
    // curl must trust the root of the development PKI.
    lines.push(...(pki ? [`export CURL_CA_BUNDLE=${pki.root}`] : []), machineClientCommand(urls));
  }
  if (pki) {
    lines.push('', 'Your browser warns until it trusts the development root: npm run pki -- trust');
  }
  return [...lines, '', `The logs are in ${logs}. Press Ctrl-C to stop everything.`, ''].join('\n');
}

/** Returns a shell command that gets a token by client credentials and reads the export of the backend with it. */
export function machineClientCommand({ provider, backend }: Pick<PerApp<string>, 'provider' | 'backend'>): string {
  return [
    `TOKEN=$(curl -s -u marketing-sync:marketing-sync-demo-secret -d grant_type=client_credentials \\`,
    `  -d scope=contacts:export ${provider}/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/') \\`,
    `  && curl -s -H "Authorization: Bearer $TOKEN" ${backend}/v1/exports/contacts`,
  ].join('\n');
}

function row(name: string, url: string, purpose: string): string {
  return `  ${name.padEnd(10)}${url.padEnd(26)}${purpose}`;
}
