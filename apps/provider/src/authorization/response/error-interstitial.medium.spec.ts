import { Browser, demoUsers, RelyingParty, testDatabase } from '@trefoil/testing';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { givenClient } from '../../testing/test-clients.js';
import { requestParameters, authorizeUrl } from '../../testing/pushed-requests.js';

const CALLBACK = 'http://127.0.0.1/callback';

let provider: ProviderUnderTest;
let publisher: Server;
let clientId: string;
let browser: Browser;

beforeAll(async () => {
  publisher = createServer((_request, answer) => {
    const document = { client_id: clientId, client_name: 'Unknown', redirect_uris: [CALLBACK] };
    answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
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
beforeEach(() => {
  browser = new Browser({ stopAt: ['http://127.0.0.1/', 'https://client.example'] });
});

const ask = async (changes: Record<string, string>) => {
  const party = await RelyingParty.discover({ issuer: provider.url, clientId, redirectUri: CALLBACK });
  const { url } = await party.authorizationRequest();
  for (const [name, value] of Object.entries(changes)) url.searchParams.set(name, value);
  return browser.open(url);
};

describe('an error of a client that registered itself by a metadata document', () => {
  it.each([
    ['an invalid request', { response_type: 'token' }, 'unsupported_response_type'],
    ['prompt=none', { prompt: 'none' }, 'login_required'],
  ])('is shown with a link to the client for %s (RFC 9700 §4.11.2)', async (_, changes, error) => {
    const page = await ask({ ...changes, state: 'the-state' });
    expect([page.status, page.location]).toEqual([400, undefined]);
    const link = page.link('Continue to 127.0.0.1');
    expect(link.href).toMatch(`${CALLBACK}?`);
    expect(Object.fromEntries(link.searchParams)).toMatchObject({ error, state: 'the-state', iss: provider.url });
  });

  it('is shown with a form that no script submits for form_post (RFC 9700 §4.11.2)', async () => {
    const page = await ask({ response_mode: 'form_post', prompt: 'none' });
    expect([page.status, page.body]).toEqual([400, expect.not.stringContaining('<script')]);
    const sent = page.form('#continue').submission();
    expect(String(sent.url)).toBe(CALLBACK);
    expect(new URLSearchParams(sent.body).get('error')).toBe('login_required');
  });

  it('is redirected after the user denied the request (RFC 6749 §4.1.2.1)', async () => {
    const consent = await (await ask({})).submit('#login', demoUsers.alice);
    expect((await consent.submit('#deny')).location?.searchParams.get('error')).toBe('access_denied');
  });
});

describe('an error of a client that an operator admitted', () => {
  it.each([
    ['registered by an administrator', {}],
    [
      'registered with an initial access token',
      { initialAccessTokenId: null, registrationTokenHash: Buffer.alloc(32) },
    ],
  ])('is redirected when the client was %s (OpenID Connect Core §3.1.2.6)', async (_, columns) => {
    const client = await givenClient(provider, columns);
    const parameters = { ...requestParameters(client), client_id: client.clientId, prompt: 'none' };
    const page = await browser.open(authorizeUrl(provider, parameters));
    expect(page.location?.searchParams.get('error')).toBe('login_required');
  });
});
