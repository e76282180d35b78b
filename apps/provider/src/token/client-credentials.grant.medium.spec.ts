import { testDatabase } from '@trefoil/testing';
import type { Pool } from 'pg';
import { POOL } from '../database/state-store.module.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { BACKEND, basic, MARKETING_SYNC, payloadOf, post } from '../testing/token-requests.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const request = (parameters: Record<string, string> = {}, authorization: string | undefined = MARKETING_SYNC) =>
  post(provider, '/token', { grant_type: 'client_credentials', ...parameters }, authorization);

describe('a machine token', () => {
  it('has the client as its subject and the resource server of its scope as its audience (RFC 6749 §4.4, RFC 9068 §2.2)', async () => {
    const { status, body } = await request({ scope: 'contacts:export' });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('refresh_token');
    const claims = payloadOf(body.access_token);
    expect(claims).toMatchObject({ aud: DEMO.backend, sub: 'marketing-sync', client_id: 'marketing-sync' });
    expect(claims).not.toHaveProperty('grant_id');
  });

  it('has every scope of the client when the request names none', async () => {
    expect((await request()).body.scope).toBe('contacts:export');
    expect((await request({}, BACKEND)).body.scope).toBe('directory:read ssf.manage ssf.read');
  });

  it.each([
    ['a scope the client does not have', { scope: 'directory:read' }, 'invalid_scope'],
    ['a scope that only a user can grant', { scope: 'contacts:read' }, 'invalid_scope'],
    ['an unknown scope', { scope: 'everything' }, 'invalid_scope'],
    ['a resource server without a scope of the client', { resource: 'http://localhost:1' }, 'invalid_target'],
    ['a resource that is not a URI', { resource: 'backend' }, 'invalid_target'],
    ['a resource with a fragment (RFC 8707 §2)', { resource: `${DEMO.backend}#x` }, 'invalid_target'],
  ])('is refused for %s', async (_what, parameters, error) => {
    const answer = await request(parameters);
    expect([answer.status, answer.body.error]).toEqual([400, error]);
  });

  it('is refused to a public client (RFC 6749 §4.4)', async () => {
    const parameters = { grant_type: 'client_credentials', client_id: 'demo-cli' };
    expect((await post(provider, '/token', parameters)).body.error).toBe('unauthorized_client');
  });

  it('is issued without an SQL statement once the caches are filled', async () => {
    await request();
    let statements = 0;
    const pool = provider.app.get<Pool>(POOL);
    const query = pool.query.bind(pool);
    pool.query = ((...statement: Parameters<typeof query>) => ((statements += 1), query(...statement))) as typeof query;
    await Promise.all(Array.from({ length: 20 }, () => request()));
    pool.query = query;
    expect(statements).toBe(0);
  });
});

describe('client authentication (RFC 6749 §2.3)', () => {
  it.each([
    ['a wrong secret', basic('marketing-sync', 'wrong'), {}],
    ['an unknown client', basic('nobody', 'marketing-sync-demo-secret'), {}],
    ['no secret', undefined, { client_id: 'marketing-sync' }],
    [
      'a method that is not the registered one',
      undefined,
      { client_id: 'marketing-sync', client_secret: 'marketing-sync-demo-secret' },
    ],
    ['a header that is not base64', 'Basic ???', {}],
    ['no client at all', undefined, {}],
  ])('refuses %s with 401 invalid_client (RFC 6749 §5.2)', async (_what, authorization, parameters) => {
    const answer = await post(provider, '/token', { grant_type: 'client_credentials', ...parameters }, authorization);
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
  });

  it('gives the same response for an unknown client and for a wrong secret', async () => {
    const [unknown, wrong] = await Promise.all([
      request({}, basic('nobody', 'x')),
      request({}, basic('marketing-sync', 'x')),
    ]);
    expect(unknown.body).toEqual(wrong.body);
  });

  it('refuses two authentication methods in one request (RFC 6749 §2.3)', async () => {
    const answer = await request({ client_id: 'marketing-sync', client_secret: 'marketing-sync-demo-secret' });
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
  });

  it('refuses a client_id that is not the one of the authenticated client', async () => {
    expect((await request({ client_id: 'frontend' })).body.error).toBe('invalid_request');
  });

  it('records a refusal without the secret', async () => {
    await request({}, basic('marketing-sync', 'guess-123'));
    const events: unknown[] = await provider.dataSource.query(
      `SELECT client_id, outcome, details, address FROM security_events WHERE type = 'client-authentication'`,
    );
    expect(events).toContainEqual({
      client_id: 'marketing-sync',
      outcome: 'failure',
      details: { method: 'client_secret_basic' },
      address: expect.stringMatching(/^(127\.0\.0\.1|::1|::ffff:127\.0\.0\.1)$/) as string,
    });
    expect(JSON.stringify(events)).not.toContain('guess-123');
  });
});

describe('the token endpoint', () => {
  it.each([
    ['the password grant (OAuth 2.1 §10)', 'password', 'unsupported_grant_type'],
    ['an unknown grant type (RFC 6749 §5.2)', 'magic', 'unsupported_grant_type'],
    ['no grant type (RFC 6749 §5.2)', '', 'invalid_request'],
  ])('refuses %s', async (_what, grant_type, error) => {
    const answer = await post(provider, '/token', { grant_type }, MARKETING_SYNC);
    expect([answer.status, answer.body.error]).toEqual([400, error]);
  });

  it('refuses a repeated parameter (RFC 6749 §3.2)', async () => {
    const parameters: [string, string][] = [
      ['grant_type', 'client_credentials'],
      ['grant_type', 'client_credentials'],
    ];
    expect((await post(provider, '/token', parameters, MARKETING_SYNC)).body.error).toBe('invalid_request');
  });

  it('never reads its parameters from the query (RFC 6749 §3.2)', async () => {
    const answer = await fetch(`${provider.url}/token?grant_type=client_credentials`, {
      method: 'POST',
      headers: { authorization: MARKETING_SYNC, 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(400);
  });

  it('refuses a JSON body (RFC 6749 §3.2)', async () => {
    const answer = await fetch(`${provider.url}/token`, {
      method: 'POST',
      headers: { authorization: MARKETING_SYNC, 'content-type': 'application/json' },
      body: '{"grant_type":"client_credentials"}',
    });
    expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([400, 'invalid_request']);
  });
});
