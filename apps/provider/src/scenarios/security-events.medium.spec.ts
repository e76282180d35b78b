import { Browser, demoUsers, DpopKey, testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { AnomalyDetector } from '../security-events/anomalies/anomaly-detector.js';
import { SecurityEvent } from '../security-events/security-event.entity.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { UsageCounter } from '../security-events/usage/usage-counter.js';
import { Usage } from '../security-events/usage/usage.js';
import { givenAccountTokens, request } from '../testing/api-requests.js';
import { authorizationUrl } from '../testing/authorization-url.js';
import { givenDevice, openDevice } from '../testing/device-requests.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { givenClient } from '../testing/test-clients.js';
import { basic, FRONTEND, givenGrant, MARKETING_SYNC, post } from '../testing/token-requests.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());
beforeEach(async () => {
  await provider.app.get(SecurityEvents).recordRepeated();
  await provider.dataSource.query('TRUNCATE security_events');
});

const events = () => provider.dataSource.manager.find(SecurityEvent, { order: { id: 'ASC' } });

/** Returns the only event recorded, after checking that it has the address and id of its request. */
async function theEvent(): Promise<SecurityEvent> {
  const [event, ...more] = await events();
  expect(more).toEqual([]);
  expect(event).toMatchObject({ address: expect.any(String) as string, requestId: expect.any(String) as string });
  return event ?? new SecurityEvent();
}

const machine = (parameters: Record<string, string> = {}, authorization = MARKETING_SYNC) =>
  post(provider, '/token', { grant_type: 'client_credentials', ...parameters }, authorization);

describe('a refused request records an event:', () => {
  it('a client with a wrong secret', async () => {
    await machine({}, basic('marketing-sync', 'wrong'));
    expect(await theEvent()).toMatchObject({
      ...{ type: 'client-authentication', outcome: 'failure', clientId: 'marketing-sync' },
      details: { method: 'client_secret_basic' },
    });
  });

  it('credentials that are too malformed to name a client', async () => {
    await machine({}, 'Basic !!!');
    expect(await theEvent()).toMatchObject({ type: 'client-authentication', outcome: 'failure', clientId: null });
  });

  it.each([
    ['longer than an index entry can be', Array.from({ length: 500 }, () => randomUUID()).join('')],
    ['with U+0000', 'client\0'],
  ])('a client id %s', async (_, client_id) => {
    const secret = { client_id, client_secret: 'secret' };
    const { status, body } = client_id.includes('\0')
      ? await machine({}, basic(client_id, 'secret'))
      : await post(provider, '/token', { grant_type: 'client_credentials', ...secret });
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    expect(await theEvent()).toMatchObject({ type: 'client-authentication' });
  });

  it('a token request with an invalid refresh token', async () => {
    await post(provider, '/token', { grant_type: 'refresh_token', refresh_token: 'tfr_guess' }, FRONTEND);
    expect(await theEvent()).toMatchObject({
      ...{ type: 'token-refused', outcome: 'failure', clientId: 'frontend' },
      details: { error: 'invalid_grant', grant_type: 'refresh_token' },
    });
  });

  it('a token request with a grant type that the client is not registered for', async () => {
    await post(provider, '/token', { grant_type: 'client_credentials' }, FRONTEND);
    expect(await theEvent()).toMatchObject({ type: 'token-refused', details: { error: 'unauthorized_client' } });
  });

  it('a DPoP proof that is used twice (RFC 9449 §11.1)', async () => {
    const client = await givenClient(provider, { dpopBoundAccessTokens: true, grantTypes: ['client_credentials'] });
    const proof = await (await DpopKey.generate()).proof({ method: 'POST', url: `${provider.url}/token` });
    const ask = () =>
      post(provider, '/token', { grant_type: 'client_credentials' }, client.authorization, { dpop: proof });
    await ask();
    await provider.dataSource.query('TRUNCATE security_events');
    expect((await ask()).body.error).toBe('invalid_dpop_proof');
    expect(await theEvent()).toMatchObject({
      ...{ type: 'dpop-proof', outcome: 'failure', clientId: client.clientId },
      details: { reason: expect.stringContaining('used before') as string },
    });
  });

  it.each([
    ['initial access token', 'POST', '/register'],
    ['registration access token', 'GET', '/register/frontend'],
  ])('a registration request with a wrong %s', async (token, method, path) => {
    await request(provider, path, { method, token: 'guess' });
    expect(await theEvent()).toMatchObject({ type: 'registration-refused', outcome: 'failure', details: { token } });
  });

  it('a mistyped user code of a device', async () => {
    await new Browser().open(`${provider.url}/device?user_code=BCDF-GHJK`);
    expect(await theEvent()).toMatchObject({
      type: 'user-code',
      outcome: 'failure',
      details: { reason: 'unknown code' },
    });
  });

  it('but not a device that polls before the user has answered', async () => {
    const { device_code } = await givenDevice(provider);
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    await post(provider, '/token', { grant_type, device_code, client_id: 'demo-cli' });
    expect(await events()).toEqual([]);
  });
});

describe('a completed request records an event:', () => {
  it('a grant that an earlier consent allows', async () => {
    const browser = new Browser({ stopAt: DEMO.frontend });
    const login = await browser.open(authorizationUrl(provider.url));
    await (await login.submit('#login', demoUsers.alice)).submit('#allow');
    await provider.dataSource.query('TRUNCATE security_events');
    await browser.open(authorizationUrl(provider.url));
    expect(await theEvent()).toMatchObject({
      ...{ type: 'grant-created', outcome: 'success', clientId: 'frontend', agent: 'Mozilla/5.0 (without JavaScript)' },
      ...{ userId: expect.any(String) as string, sessionId: expect.any(String) as string },
      ...{ grantId: expect.any(String) as string, details: { scope: 'openid email contacts:read' } },
    });
  });

  it.each([
    ['allow', ['consent success', 'grant-created success']],
    ['deny', ['consent failure']],
  ])('the decision of the user about a device: %s', async (answer, expected) => {
    const page = await openDevice(new Browser(), await givenDevice(provider));
    await provider.dataSource.query('TRUNCATE security_events');
    await page.submit(`#${answer}`);
    expect((await events()).map(({ type, outcome }) => `${type} ${outcome}`).sort()).toEqual(expected);
  });

  it('a change of an account, with the names of the fields but without their values', async () => {
    const { accessToken, grant } = await givenAccountTokens(provider);
    await provider.dataSource.query('TRUNCATE security_events');
    const change = (patch: object) =>
      request(provider, '/api/account', {
        method: 'PATCH',
        token: accessToken,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(patch),
      });
    await change({ nickname: 'the new nickname', gender: 'female', address: { locality: 'the new place' } });
    const event = await theEvent();
    expect(event).toMatchObject({
      ...{ type: 'account-changed', outcome: 'success', clientId: 'frontend', grantId: grant.id, userId: grant.userId },
      details: { fields: expect.stringMatching(/^address.*nickname$/) as string },
    });
    expect(JSON.stringify(event)).not.toContain('the new');
    await change({ nickname: 'the new nickname' });
    expect(await events()).toHaveLength(1);
  });

  it('a sign-out requested by a client', async () => {
    const browser = new Browser({ stopAt: DEMO.frontend });
    const login = await browser.open(authorizationUrl(provider.url, { prompt: 'consent' }));
    await (await login.submit('#login', demoUsers.bob)).submit('#allow');
    await provider.dataSource.query('TRUNCATE security_events');
    const confirm = await browser.open(`${provider.url}/end-session?client_id=frontend`);
    await confirm.submit('#logout');
    expect(await theEvent()).toMatchObject({
      type: 'sign-out',
      clientId: 'frontend',
      userId: expect.any(String) as string,
    });
  });
});

describe('a token that is used from a second network', () => {
  it('is recorded as an anomaly, and its user can see it', async () => {
    const behindProxy = await startProvider(await testDatabase(), { TRUSTED_PROXIES: '1' });
    try {
      const from = (address: string) => ({ 'x-forwarded-for': address });
      const { redemption } = await givenGrant(behindProxy, {
        clientId: 'demo-cli',
        resources: [`${behindProxy.url}/api`],
      });
      const asked = { ...redemption, client_id: 'demo-cli' };
      const { body } = await post(behindProxy, '/token', asked, undefined, from('192.0.2.1'));
      const token = body.access_token;
      expect(await behindProxy.app.get(AnomalyDetector).run()).toBe(0);
      await request(behindProxy, '/userinfo', { token, headers: from('198.51.100.7') });
      expect(await behindProxy.app.get(AnomalyDetector).run()).toBe(1);
      const { body: own } = await request(behindProxy, '/api/account/events?limit=1', { token });
      expect(own.items).toMatchObject([
        {
          ...{ type: 'anomaly', what: 'Unusual activity: tokens used from a second network', clientId: 'demo-cli' },
          details: { network: '198.51.100.7', before: '192.0.2.1' },
        },
      ]);
    } finally {
      await behindProxy.stop();
    }
  });
});

describe('an event', () => {
  it('never contains a secret or a token, even when one was sent in the wrong parameter', async () => {
    const { redemption, code } = await givenGrant(provider);
    const { body: tokens } = await post(provider, '/token', redemption, FRONTEND);
    const secrets = [
      tokens.access_token,
      tokens.refresh_token,
      code,
      'frontend-demo-secret',
      redemption.code_verifier ?? '',
    ];
    for (const secret of secrets) {
      await post(provider, '/token', redemption, FRONTEND);
      await post(provider, '/token', { ...redemption, code: secret, scope: secret }, FRONTEND);
      await post(provider, '/token', { grant_type: secret }, FRONTEND);
      await post(provider, '/token', { grant_type: 'refresh_token', refresh_token: secret, scope: secret }, FRONTEND);
      await machine({ scope: secret, resource: secret });
      await machine({}, basic('frontend', secret));
      await request(provider, '/register', { method: 'POST', token: secret });
      await new Browser().open(`${provider.url}/device?user_code=${secret}`);
    }
    const recorded = JSON.stringify(await events());
    expect(recorded).toContain('code-reuse');
    for (const secret of secrets) expect(recorded).not.toContain(secret);
  });
});

describe('usage', () => {
  it('counts issued tokens, refused requests and introspections by client and by user', async () => {
    const counter = provider.app.get(UsageCounter);
    await counter.flush();
    await provider.dataSource.query('TRUNCATE usage_buckets');
    const { redemption, grant } = await givenGrant(provider);
    const { body } = await post(provider, '/token', redemption, FRONTEND);
    await post(provider, '/token', { grant_type: 'refresh_token', refresh_token: body.refresh_token }, FRONTEND);
    await post(provider, '/token', { grant_type: 'refresh_token', refresh_token: 'x' }, FRONTEND);
    await post(provider, '/introspect', { token: body.access_token }, FRONTEND);
    await machine();
    await machine({}, basic('marketing-sync', 'wrong'));
    await machine({}, basic('nobody', 'wrong'));
    await counter.flush();
    const { buckets } = await provider.app.get(Usage).page({ from: new Date(0), to: new Date(8e15), limit: 10 });
    expect(buckets.map(({ subject, counts }) => [subject, counts])).toEqual([
      ['frontend', { authorization_code: 1, refresh_token: 1, refused: 1, introspection: 1 }],
      ['marketing-sync', { client_credentials: 1, refused: 1 }],
      [grant.userId, { authorization_code: 1, refresh_token: 1 }],
    ]);
  });

  it('is published at /metrics without the users', async () => {
    const text = await (await fetch(`${provider.url}/metrics`)).text();
    expect(text).toMatch(/^usage_total\{measure="client_credentials",server="provider"\} \d+$/m);
    expect(text).toMatch(/^security_events_total\{type="token-refused",outcome="failure",server="provider"\} \d+$/m);
    expect(text).not.toMatch(/a11ce000/);
  });
});
