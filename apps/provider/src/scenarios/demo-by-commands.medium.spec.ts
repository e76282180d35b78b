import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { membersOfClient } from '../testing/demo-members.js';
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

const directory = mkdtempSync(join(tmpdir(), 'demo-by-commands-'));
let installation: NewInstallation;

beforeAll(async () => {
  installation = await startNewInstallation();
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await installation.provider.stop();
});

/** Writes a JSON file and returns its path. */
function file(content: object): string {
  const path = join(directory, `${randomUUID()}.json`);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

type Content = ReturnType<typeof demoContent>;

const createUser = ({ id, email, administrator, claims, password }: Content['users'][number]) =>
  installation.run(
    [
      ...['user', 'create', email, '--id', id, '--claims', file(claims), '--password-stdin'],
      ...(administrator ? ['--administrator'] : []),
    ],
    { input: password },
  );

function createClient({ secret, ...client }: Content['clients'][number]) {
  const { client_id, ...metadata } = membersOfClient(client);
  const args = ['client', 'create', '--id', client_id, '--metadata', file(metadata)];
  return installation.run([...args, ...(secret === undefined ? [] : ['--secret-stdin'])], { input: secret });
}

const resourceServerOptions = ({ name, scopes, accessTokenLifetime }: Content['resourceServers'][number]): string[] => [
  ...['--name', name, '--token-lifetime', `${accessTokenLifetime}`],
  ...scopes.flatMap((scope) => ['--scope', `${scope.name} ${scope.grantedTo.join(',')}=${scope.description}`]),
];

const clientsOfServer = ({ userClients, clientId }: Content['resourceServers'][number]): string[] => [
  ...(userClients === null ? ['--every-client'] : userClients.flatMap((client) => ['--user-client', client])),
  ...(clientId === null ? ['--no-client'] : ['--client', clientId]),
];

it('commands alone build what the demo seed writes', async () => {
  const { run, provider } = installation;
  const { users, clients, resourceServers, registrationToken } = demoContent(provider);

  for (const user of users) await createUser(user);
  await run(['user', 'delete', FIRST_ADMINISTRATOR, '--yes']);

  // The setup has registered some of them, with other secrets.
  for (const { client_id } of (await run(['client', 'list'])).json as { client_id: string }[]) {
    await run(['client', 'delete', client_id, '--yes']);
  }
  const present = (await run(['resource-server', 'list'])).json as { identifier: string }[];
  for (const server of resourceServers) {
    const isPresent = present.some(({ identifier }) => identifier === server.identifier);
    await run([
      'resource-server',
      isPresent ? 'update' : 'create',
      server.identifier,
      ...resourceServerOptions(server),
    ]);
  }
  for (const client of clients) await createClient(client);
  for (const server of resourceServers) {
    await run(['resource-server', 'update', server.identifier, ...clientsOfServer(server)]);
  }

  const { id, token, description, defaultProfile, allowedProfiles } = registrationToken;
  await run(
    [
      ...['registration-token', 'create', '--id', id, '--token-stdin', '--description', description],
      ...['--profile', defaultProfile, ...allowedProfiles.flatMap((profile) => ['--allow-profile', profile])],
    ],
    { input: token },
  );

  expect(await comparableRows(provider.dataSource)).toEqual(await rowsOfSeed(provider.url));
  expect(await workingCredentials(provider)).toEqual(demoCredentials(provider));
}, 180_000);
