import { testDatabase } from '@trefoil/testing';
import type { DataSource } from 'typeorm';
import { Client } from '../clients/client.entity.js';
import { ClientSecret } from '../clients/secrets/client-secret.entity.js';
import { ResourceServer } from '../resource-servers/resource-server.entity.js';
import { openDatabase } from '../testing/open-database.js';
import { User } from '../users/user.entity.js';
import { demoUsers } from './demo-data.js';
import { seedDemo } from './seed-demo.js';

const plain = { issuer: 'http://localhost:3001', frontend: 'http://localhost:3000', backend: 'http://localhost:3002' };
const secure = {
  issuer: 'https://localhost:3001',
  frontend: 'https://localhost:3000',
  backend: 'https://localhost:3002',
};

let dataSource: DataSource;

beforeAll(async () => {
  dataSource = await openDatabase(await testDatabase());
});
afterAll(() => dataSource.destroy());

const identifiers = async () =>
  (await dataSource.manager.find(ResourceServer)).map(({ identifier }) => identifier).sort();

describe('the demo data', () => {
  it('is the same when it is written again', async () => {
    await seedDemo(dataSource, plain);
    const before = await dataSource.manager.find(User, { order: { id: 'ASC' } });
    await seedDemo(dataSource, plain);
    expect(await dataSource.manager.find(User, { order: { id: 'ASC' } })).toEqual(before);
    expect(before).toHaveLength(demoUsers.length);
    expect(await identifiers()).toEqual(['http://localhost:3001/api', 'http://localhost:3002']);
  });

  it('moves with the servers to other URLs, because a scope belongs to one resource server', async () => {
    await seedDemo(dataSource, plain);
    const own = { name: 'Mine', clientId: null, userClients: null, accessTokenLifetime: 60 };
    const scopes = [{ name: 'mine:read', description: 'see mine', grantedTo: ['users' as const] }];
    await dataSource.manager.insert(ResourceServer, { ...own, identifier: 'http://localhost:3003', scopes });
    await seedDemo(dataSource, secure);
    expect(await identifiers()).toEqual([
      'http://localhost:3003',
      'https://localhost:3001/api',
      'https://localhost:3002',
    ]);
    const frontend = await dataSource.manager.findOneByOrFail(Client, { clientId: 'frontend' });
    expect(frontend.redirectUris).toEqual(['https://localhost:3000/callback']);
  });

  it('has no secret of the frontend and the backend where the provider gets certificates (RFC 8705 §2)', async () => {
    const secretsOf = (clientId: string) => dataSource.manager.countBy(ClientSecret, { clientId });
    await seedDemo(dataSource, plain);
    expect([await secretsOf('frontend'), await secretsOf('backend')]).toEqual([1, 1]);
    await seedDemo(dataSource, plain, { certificates: true });
    for (const clientId of ['frontend', 'backend']) {
      expect(await secretsOf(clientId)).toBe(0);
      expect(await dataSource.manager.findOneByOrFail(Client, { clientId })).toMatchObject({
        tokenEndpointAuthMethod: 'tls_client_auth',
        tlsClientAuthSanDns: clientId,
        tlsClientCertificateBoundAccessTokens: true,
      });
    }
    expect(await secretsOf('marketing-sync')).toBe(1);
  });
});
