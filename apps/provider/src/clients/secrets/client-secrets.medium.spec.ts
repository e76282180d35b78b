import { testDatabase } from '@trefoil/testing';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { givenClient, type TestClient } from '../../testing/test-clients.js';
import { basic, post } from '../../testing/token-requests.js';
import { SecurityEvent } from '../../security-events/security-event.entity.js';
import { ClientSecretUses } from './client-secret-uses.js';
import { ClientSecretNotFoundError, ClientSecrets } from './client-secrets.js';
import { ClientSecret } from './client-secret.entity.js';

const { jest } = import.meta;
const HOUR = 3600;

let provider: ProviderUnderTest;
let secrets: ClientSecrets;
let client: TestClient;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  secrets = provider.app.get(ClientSecrets);
});
afterAll(() => provider.stop());
beforeEach(async () => {
  client = await givenClient(provider, { grantTypes: ['client_credentials'], scopes: ['account:read'] });
});
afterEach(() => jest.restoreAllMocks());

/** Returns the status of a request that authenticates with a secret. */
async function presented(secret: string): Promise<number> {
  return (await post(provider, '/introspect', { token: 'any' }, basic(client.clientId, secret))).status;
}
const [GOOD, REFUSED] = [200, 401];

const idOf = async (index: number) => (await secrets.list(client.clientId))[index]?.id ?? '';
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000);
/** Lets time pass for the secrets of the client, and makes the provider read the client again. */
async function pass(seconds: number): Promise<void> {
  await provider.dataSource.query(
    'UPDATE client_secrets SET expires_at = expires_at - make_interval(secs => $2) WHERE client_id = $1',
    [client.clientId, seconds],
  );
  await readAgain();
}
async function readAgain(): Promise<void> {
  // An unknown secret makes the provider read the client again.
  expect(await presented('wrong')).toBe(REFUSED);
}
const events = async () => {
  const { clientId } = client;
  const found = await provider.dataSource.manager.find(SecurityEvent, { where: { clientId }, order: { id: 'ASC' } });
  return found
    .filter(({ type }) => type.startsWith('client-secret'))
    .map(({ type, details }) => ({ type, ...details }));
};

describe('a client may have several secrets', () => {
  it('which are all accepted, a new one at once', async () => {
    expect(await presented(client.secret)).toBe(GOOD);
    const { secret } = await secrets.add(client.clientId);
    expect(await presented(secret)).toBe(GOOD);
    expect(await presented(client.secret)).toBe(GOOD);
    expect(await presented(`${secret}x`)).toBe(REFUSED);
  });

  it('each with its own expiry', async () => {
    const { secret } = await secrets.add(client.clientId, { expiresAt: inSeconds(HOUR) });
    await pass(HOUR - 60);
    expect(await presented(secret)).toBe(GOOD);
    await pass(60);
    expect(await presented(secret)).toBe(REFUSED);
    expect(await presented(client.secret)).toBe(GOOD);
  });

  it('which expire by the clock of the database, and not by that of the replica', async () => {
    const { secret } = await secrets.add(client.clientId, { expiresAt: inSeconds(HOUR) });
    const ahead = inSeconds(2 * HOUR).getTime();
    jest.spyOn(Date, 'now').mockReturnValue(ahead);
    expect(await presented(secret)).toBe(GOOD);
  });

  it('none of which is accepted by a method for which the client is not registered (RFC 7591 §2)', async () => {
    const { secret } = await secrets.add(client.clientId);
    const inBody = { token: 'any', client_id: client.clientId, client_secret: secret };
    expect((await post(provider, '/introspect', inBody)).status).toBe(REFUSED);
  });

  it('of which one can be removed at once', async () => {
    const { id, secret } = await secrets.add(client.clientId);
    expect(await presented(secret)).toBe(GOOD);
    await secrets.remove(client.clientId, id);
    await readAgain();
    expect(await presented(secret)).toBe(REFUSED);
    await expect(secrets.remove(client.clientId, id)).rejects.toThrow(ClientSecretNotFoundError);
    expect(await events()).toEqual([
      { type: 'client-secret-added', secretId: id },
      { type: 'client-secret-removed', secretId: id },
    ]);
  });

  it('which cannot be removed in the name of another client', async () => {
    const other = await givenClient(provider);
    const id = await idOf(0);
    await expect(secrets.remove(other.clientId, id)).rejects.toThrow(ClientSecretNotFoundError);
    await expect(secrets.expire(other.clientId, id, new Date())).rejects.toThrow(ClientSecretNotFoundError);
    await expect(secrets.add('nobody')).rejects.toThrow(ClientSecretNotFoundError);
    expect(await presented(client.secret)).toBe(GOOD);
  });
});

describe('a rotation', () => {
  it('lets the other secrets expire after the overlap, and no later than before', async () => {
    const first = await idOf(0);
    const short = await secrets.add(client.clientId, { expiresAt: inSeconds(60) });
    const next = await secrets.rotate(client.clientId, { overlapSeconds: HOUR });
    for (const secret of [client.secret, short.secret, next.secret]) expect(await presented(secret)).toBe(GOOD);
    await pass(60);
    expect(await presented(short.secret)).toBe(REFUSED);
    expect(await presented(client.secret)).toBe(GOOD);
    await pass(HOUR - 60);
    expect(await presented(client.secret)).toBe(REFUSED);
    expect(await presented(next.secret)).toBe(GOOD);
    expect(await events()).toEqual([
      { type: 'client-secret-added', secretId: short.id, expiresAt: expect.any(String) },
      { type: 'client-secret-added', secretId: next.id },
      { type: 'client-secret-removed', secretId: first, expiresAt: expect.any(String) },
    ]);
  });

  it('is rolled back as a whole when its event cannot be recorded', async () => {
    const record = jest.spyOn(secrets['events'], 'record').mockRejectedValue(new Error('the database is full'));
    await expect(secrets.rotate(client.clientId, { overlapSeconds: 0 })).rejects.toThrow('full');
    record.mockRestore();
    await readAgain();
    expect(await presented(client.secret)).toBe(GOOD);
    expect(await secrets.list(client.clientId)).toHaveLength(1);
  });
});

describe('the last use of a secret', () => {
  const lastUses = async () => (await secrets.list(client.clientId)).map(({ lastUsedAt }) => lastUsedAt);

  it('is a time for a secret in use, and null for one that was never used', async () => {
    await secrets.add(client.clientId);
    expect(await lastUses()).toEqual([null, null]);
    await presented(client.secret);
    await provider.app.get(ClientSecretUses).write();
    expect(await lastUses()).toEqual([null, expect.any(Date)]);
  });

  it('is not written with each request, but at most every ten minutes', async () => {
    await presented(client.secret);
    await provider.app.get(ClientSecretUses).write();
    await readAgain();
    const query = jest.spyOn(provider.dataSource, 'query');
    for (let index = 0; index < 10; index++) await presented(client.secret);
    await provider.app.get(ClientSecretUses).write();
    expect(query.mock.calls.filter(([statement]) => statement.includes('client_secrets'))).toEqual([]);
  });

  it('is kept while the database is down', async () => {
    await presented(client.secret);
    const query = jest.spyOn(provider.dataSource, 'query').mockRejectedValue(new Error('down'));
    await expect(provider.app.get(ClientSecretUses).write()).rejects.toThrow('down');
    query.mockRestore();
    await provider.app.get(ClientSecretUses).write();
    expect(await lastUses()).toEqual([expect.any(Date)]);
  });
});

it('only the hash of a secret is stored', async () => {
  const { secret } = await secrets.add(client.clientId);
  const rows = await provider.dataSource.manager.findBy(ClientSecret, { clientId: client.clientId });
  expect(JSON.stringify([rows, await events()])).not.toContain(secret);
});
