import { request } from '../testing/api-requests.js';
import { membersOfClient, membersOfResourceServer } from '../testing/demo-members.js';
import {
  comparableRows,
  demoContent,
  demoCredentials,
  FIRST_ADMINISTRATOR,
  type NewInstallation,
  rowsOfSeed,
  startNewInstallation,
  workingCredentials,
} from '../testing/new-installation.js';
import { basic, post } from '../testing/token-requests.js';

const API_CLIENT = 'installer';

let installation: NewInstallation;
let token: string;

/** The one command: it registers the machine that calls the API. */
beforeAll(async () => {
  installation = await startNewInstallation();
  const scope = 'admin:read admin:write';
  const { json } = await installation.run([
    ...['client', 'create', '--id', API_CLIENT, '--name', 'Installer'],
    ...['--grant-type', 'client_credentials', '--scope', scope],
  ]);
  const { client_secret } = json as { client_secret: string };
  const { body } = await post(
    installation.provider,
    '/token',
    { grant_type: 'client_credentials', scope },
    basic(API_CLIENT, client_secret),
  );
  token = body.access_token;
});
afterAll(() => installation.provider.stop());

/** Calls the admin API and expects success. Returns the body. */
async function call(method: string, path: string, body?: object) {
  const json = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const answer = await request(installation.provider, `/api/admin/${path}`, { method, token, ...json });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const itemsOf = async (path: string): Promise<Record<string, string>[]> =>
  (await call('GET', `${path}?limit=100`)).items;

it('the admin API alone builds what the demo seed writes', async () => {
  const { provider } = installation;
  const { users, clients, resourceServers, registrationToken } = demoContent(provider);

  for (const { id: sub, email, password, administrator, claims } of users) {
    await call('POST', 'users', { sub, email, password, administrator, ...claims });
  }
  const first = (await itemsOf('users')).find(({ email }) => email === FIRST_ADMINISTRATOR);
  await call('DELETE', `users/${first?.sub}`);

  // The setup has registered some of them, with other secrets.
  for (const { client_id } of await itemsOf('clients')) {
    if (client_id !== API_CLIENT) await call('DELETE', `clients/${client_id}`);
  }
  const present = await itemsOf('resource-servers');
  const idOf = new Map(present.map(({ identifier, id }) => [identifier, id]));
  for (const server of resourceServers) {
    const { client_id: _, user_clients: __, ...members } = membersOfResourceServer(server);
    if (idOf.has(server.identifier)) continue;
    const { id } = await call('POST', 'resource-servers', { ...members, user_clients: [] });
    idOf.set(server.identifier, id);
  }
  for (const { secret, ...client } of clients) {
    await call('POST', 'clients', { ...membersOfClient(client), client_secret: secret });
  }
  for (const server of resourceServers) {
    const { identifier, ...members } = membersOfResourceServer(server);
    await call('PATCH', `resource-servers/${idOf.get(identifier)}`, members);
  }

  const { defaultProfile, allowedProfiles, expiresAt, refusedInProduction: _, ...members } = registrationToken;
  await call('POST', 'registration-tokens', {
    ...members,
    default_profile: defaultProfile,
    allowed_profiles: allowedProfiles,
    expires_at: expiresAt,
  });
  await call('DELETE', `clients/${API_CLIENT}`);

  expect(await comparableRows(provider.dataSource)).toEqual(await rowsOfSeed(provider.url));
  expect(await workingCredentials(provider)).toEqual(demoCredentials(provider));
}, 180_000);
