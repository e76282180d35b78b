// @ts-check
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../apps/provider/dist/trefoil.js', import.meta.url));
const SCOPES =
  'openid profile email address phone offline_access account:read account:write contacts:read contacts:write';

/** The clients whose users may call the backend, with the one of {@link addWebClient}. */
export const USER_CLIENTS = ['frontend', 'api-docs', 'web'];

/**
 * Registers a client that may do what the frontend may, and authenticates with a secret. OAuth clients written by others take
 * its part in the tests.
 *
 * @param {import('../../libs/local-stack/src/index.js').Stack} stack
 * @returns {{ clientId: string, clientSecret: string }}
 */
export function addWebClient({ urls, environments }) {
  const trefoil = (/** @type {string[]} */ ...args) =>
    execFileSync(process.execPath, [program, ...args, '--json'], {
      env: { ...process.env, ...environments.provider },
      encoding: 'utf8',
    });
  const created = trefoil(
    ...['client', 'create', '--id', 'web', '--name', 'Web', '--scope', SCOPES],
    ...['--grant-type', 'authorization_code', 'refresh_token', '--redirect-uri', `${urls.frontend}/callback`],
  );
  trefoil('resource-server', 'update', urls.backend, '--user-client', ...USER_CLIENTS);
  return { clientId: 'web', clientSecret: JSON.parse(created).client_secret };
}
