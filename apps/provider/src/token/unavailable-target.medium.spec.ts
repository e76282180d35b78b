import { Browser, testDatabase } from '@trefoil/testing';
import { Clients } from '../clients/clients.js';
import { Grants } from '../grants/grants.js';
import { ResourceServerRegistrations } from '../resource-servers/resource-server-registrations.js';
import { givenDevice, openDevice, pollDevice } from '../testing/device-requests.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { FRONTEND, givenGrant, MARKETING_SYNC, post, type ProtocolAnswer } from '../testing/token-requests.js';

const NOTES = 'https://notes.example';
const NEW_SERVER = {
  identifier: NOTES,
  name: 'Notes',
  scopes: [{ name: 'notes:read', description: 'see your notes', granted_to: ['users' as const, 'machines' as const] }],
  user_clients: null,
};

let provider: ProviderUnderTest;
let servers: ResourceServerRegistrations;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  servers = provider.app.get(ResourceServerRegistrations);
  await provider.dataSource.query(
    `UPDATE clients SET scopes = scopes || '{notes:read}' WHERE client_id IN ('frontend', 'demo-cli', 'marketing-sync')`,
  );
});
afterAll(() => provider.stop());
beforeEach(() => servers.create(NEW_SERVER, {}));
afterEach(() => servers.remove(NOTES, {}).catch(() => undefined));

const code = async (): Promise<() => Promise<ProtocolAnswer>> => {
  const { redemption } = await givenGrant(provider, { scopes: ['openid', 'notes:read'], resources: [NOTES] });
  return () => post(provider, '/token', redemption, FRONTEND);
};

const refreshToken = async (): Promise<() => Promise<ProtocolAnswer>> => {
  const { body } = await (await code())();
  const parameters = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
  return () => post(provider, '/token', parameters, FRONTEND);
};

const deviceCode = async (): Promise<() => Promise<ProtocolAnswer>> => {
  const device = await givenDevice(provider, { scope: 'openid notes:read', resource: NOTES });
  await (await openDevice(new Browser(), device)).submit('#allow');
  return () => pollDevice(provider, device);
};

const clientCredentials = async (): Promise<() => Promise<ProtocolAnswer>> => () =>
  post(provider, '/token', { grant_type: 'client_credentials', scope: 'notes:read' }, MARKETING_SYNC);

describe.each([
  ['an authorization code', code],
  ['a refresh token', refreshToken],
  ['a device code', deviceCode],
])('%s is not used up by a request', (_, given) => {
  it('for a resource server that is not registered, and works as soon as it is (RFC 8707 §2.2)', async () => {
    const send = await given();
    await servers.remove(NOTES, {});
    for (const _attempt of [1, 2]) {
      expect(await send()).toMatchObject({ status: 400, body: { error: 'invalid_target' } });
    }
    await servers.create(NEW_SERVER, {});
    expect(await send()).toMatchObject({ status: 200, body: { scope: 'notes:read' } });
  });

  it('for a resource server that is not open to the client, and works as soon as it is', async () => {
    const send = await given();
    await servers.update(NOTES, { user_clients: ['backend'] }, {});
    expect(await send()).toMatchObject({ status: 400, body: { error: 'invalid_target' } });
    await servers.update(NOTES, { user_clients: null }, {});
    expect((await send()).status).toBe(200);
  });

  it('of a client that is registered for none of its scopes, and works as soon as it is', async () => {
    const send = await given();
    const { dataSource, app } = provider;
    const before = await dataSource.query<{ client_id: string; scopes: string[] }[]>(
      'SELECT client_id, scopes FROM clients',
    );
    const forget = () => before.forEach(({ client_id }) => app.get(Clients).forget(client_id));
    await dataSource.query(`UPDATE clients SET scopes = '{}'`);
    forget();
    expect(await send()).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
    for (const { client_id, scopes } of before) {
      await dataSource.query('UPDATE clients SET scopes = $2 WHERE client_id = $1', [client_id, scopes]);
    }
    forget();
    expect((await send()).status).toBe(200);
  });
});

it('a code that was redeemed before still ends its grant when its resource server is gone (RFC 6749 §4.1.2)', async () => {
  const { grant, redemption } = await givenGrant(provider, { scopes: ['notes:read'], resources: [NOTES] });
  const redeem = () => post(provider, '/token', redemption, FRONTEND);
  expect((await redeem()).status).toBe(200);
  await servers.remove(NOTES, {});
  expect((await redeem()).body.error).toBe('invalid_grant');
  expect((await provider.app.get(Grants).find(grant.id))?.isLive).toBe(false);
});

it('client credentials work as soon as the resource server is registered', async () => {
  const send = await clientCredentials();
  await servers.remove(NOTES, {});
  expect((await send()).status).toBe(400);
  await servers.create(NEW_SERVER, {});
  expect((await send()).status).toBe(200);
});
