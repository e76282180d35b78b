import type { App, AppKind } from '@trefoil/app-registry';
import type { DemoApp } from './apps.js';
import type { Stack } from './stack/stack.js';

/** The order of the addresses: a person opens a web app first. */
const ORDER: readonly AppKind[] = ['web', 'provider', 'resource-server'];

/**
 * Returns the text that `npm start` prints when everything is ready: addresses, demo users, and a command to try.
 *
 * @param apps the apps that run.
 */
export function greeting({ urls, pki }: Pick<Stack, 'urls' | 'pki'>, apps: readonly App[], logs: string): string {
  // Plain HTTP needs no trust in the development PKI, with which the servers authenticate to each other.
  const root = Object.values(urls).some((url) => url.startsWith('https:')) ? pki?.root : undefined;
  const only = apps.map(({ name }) => name);
  const width = Math.max(...only.map((name) => name.length)) + 2;
  const ordered = ORDER.flatMap((kind) => apps.filter((app) => app.kind === kind));
  const addresses = ordered.map(
    ({ name, purpose }) => `  ${name.padEnd(width)}${(urls[name] ?? '').padEnd(26)}${purpose}`,
  );
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
    lines.push(...(root ? [`export CURL_CA_BUNDLE=${root}`] : []), machineClientCommand(urls));
  }
  if (root) {
    lines.push('', 'Your browser warns until it trusts the development root: npm run pki -- trust');
  }
  return [...lines, '', `The logs are in ${logs}. Press Ctrl-C to stop everything.`, ''].join('\n');
}

/** Returns a shell command that gets a token by client credentials and reads the export of the backend with it. */
export function machineClientCommand({ provider, backend }: Record<Exclude<DemoApp, 'frontend'>, string>): string {
  return [
    `TOKEN=$(curl -s -u marketing-sync:marketing-sync-demo-secret -d grant_type=client_credentials \\`,
    `  -d scope=contacts:export ${provider}/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/') \\`,
    `  && curl -s -H "Authorization: Bearer $TOKEN" ${backend}/v1/exports/contacts`,
  ].join('\n');
}
