import { demoUsers, RelyingParty, testDatabase } from '@trefoil/testing';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '../client.entity.js';
import { request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';

const CALLBACK = 'http://127.0.0.1/callback';
const METADATA = '/.well-known/oauth-authorization-server';

let provider: ProviderUnderTest;
let publisher: Server;
let clientId: string;
let fetched = 0;
/** The document that the publisher serves; undefined for a 404. */
let published: object | undefined;

beforeAll(async () => {
  publisher = createServer((_request, answer) => {
    fetched += 1;
    answer.writeHead(published ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(published));
  });
  await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(publisher.address() as AddressInfo).port}`;
  clientId = `${origin}/client.json`;
  provider = await startProvider(await testDatabase(), {
    CLIENT_ID_METADATA_DOCUMENTS: 'true',
    OUTBOUND_ALLOWED_ORIGINS: origin,
  });
});
afterAll(async () => {
  await provider.stop();
  await new Promise((resolve) => publisher.close(resolve));
});
beforeEach(async () => {
  published = { client_id: clientId, client_name: 'Your Bank', redirect_uris: [CALLBACK] };
  await provider.dataSource.query(`DELETE FROM state_entries WHERE key LIKE 'client-document:%'`);
  await provider.dataSource.query('DELETE FROM rate_limits');
});

const client = () => RelyingParty.discover({ issuer: provider.url, clientId, redirectUri: CALLBACK });
const ask = async (id = clientId) => {
  const party = await client();
  const { url } = await party.authorizationRequest();
  url.searchParams.set('client_id', id);
  return party.newBrowser().open(url);
};

describe('a client that is identified by the URL of its metadata', () => {
  it('signs people in without registration', async () => {
    const tokens = await (await client()).signIn(demoUsers.alice);
    expect(tokens.claims()?.aud).toBe(clientId);
  });

  it('is shown with the host that publishes it before its own name', async () => {
    const { text } = await (await ask()).submit('#login', demoUsers.alice);
    expect(text).toContain(`${new URL(clientId).host} (“Your Bank”) wants to`);
  });

  it('is read once while it is fresh, and read again afterwards', async () => {
    const before = fetched;
    await ask();
    await ask();
    expect(fetched).toBe(before + 1);
    await provider.dataSource.query(`DELETE FROM state_entries WHERE key LIKE 'client-document:%'`);
    published = { ...published, redirect_uris: ['http://127.0.0.1/other'] };
    expect((await ask()).status).toBe(400);
    expect(fetched).toBe(before + 2);
  });

  it('is not blocked by requests with invented ids of the same host', async () => {
    await ask();
    await provider.dataSource.query(`DELETE FROM state_entries WHERE key LIKE 'client-document:%'`);
    const known = published;
    published = undefined;
    const invented = await Promise.all(Array.from({ length: 65 }, (_, index) => ask(`${clientId}?${index}`)));
    const refused = invented.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ headers }) => Number(headers.get('retry-after')) > 0)).toBe(true);
    published = known;
    expect((await ask()).status).toBe(200);
  });

  it('is announced in the server metadata', async () => {
    expect((await request(provider, METADATA)).body.client_id_metadata_document_supported).toBe(true);
  });

  it.each<[string, () => object | undefined]>([
    ['is not there', () => undefined],
    ['is about another client', () => ({ ...published, client_id: `${clientId}?other` })],
    ['has a secret', () => ({ ...published, client_secret: 'a' })],
    ['would be refused as a registration', () => ({ ...published, redirect_uris: ['http://client.example/'] })],
  ])('is refused on a page when its document %s (Client ID Metadata Document §4)', async (_what, next) => {
    published = next();
    const page = await ask();
    expect([page.status, page.location]).toEqual([400, undefined]);
    expect(page.text).toContain('client_id');
  });

  it.each(['http://10.0.0.1/client.json', 'https://127.0.0.1/client.json', 'https://localhost/client.json'])(
    'must not be in the network of the server: %s (Client ID Metadata Document §6.5)',
    async (id) => {
      expect((await ask(id)).status).toBe(400);
      expect(await provider.dataSource.manager.existsBy(Client, { clientId: id })).toBe(false);
    },
  );
});

describe('a provider that has such clients switched off', () => {
  it('announces it, and fetches nothing', async () => {
    const closed = await startProvider(await testDatabase());
    try {
      const before = fetched;
      expect((await request(closed, METADATA)).body.client_id_metadata_document_supported).toBe(false);
      const party = await client();
      const { url } = await party.authorizationRequest();
      const page = await party.newBrowser().open(url.href.replace(provider.url, closed.url));
      expect([page.status, fetched]).toEqual([400, before]);
    } finally {
      await closed.stop();
    }
  });
});
