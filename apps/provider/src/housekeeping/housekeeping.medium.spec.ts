import { randomSecret, sha256 } from '@trefoil/oauth-protocol';
import { Housekeeping, type Query } from '@trefoil/server-kit';
import { testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { STATE_STORE } from '../database/state-store.module.js';
import { IssuedAccessTokens } from '../issued-tokens/issued-access-tokens.js';
import { ClientSecret } from '../clients/secrets/client-secret.entity.js';
import { Client } from '../clients/client.entity.js';
import { Grant } from '../grants/grant.entity.js';
import { Session } from '../sessions/session.entity.js';
import { givenAccountTokens, request } from '../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { givenClient } from '../testing/test-clients.js';
import { FRONTEND, givenGrant, post } from '../testing/token-requests.js';
import { endedGrants } from './removed-rows.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const query: Query = (statement, parameters) => provider.dataSource.query(statement, parameters);

/** Runs one round, however recently the last one ran. */
async function clean(): Promise<void> {
  await provider.dataSource.query(`DELETE FROM state_entries WHERE key = 'housekeeping'`);
  expect(await provider.app.get(Housekeeping).round()).toBe(true);
  const { values } = await provider.app.get(Housekeeping).failures.get();
  expect(values).toEqual([]);
}

const exists = (entity: typeof Grant | typeof Session, id: string) =>
  provider.dataSource.manager.existsBy(entity, { id });

const age = (table: string, id: string, columns: Record<string, string>) =>
  provider.dataSource.query(
    `UPDATE ${table} SET ${Object.entries(columns)
      .map(([column, ago]) => `${column} = now() - interval '${ago}'`)
      .join(', ')} WHERE id = $1`,
    [id],
  );

describe('a grant', () => {
  it.each(['revoked_at', 'expires_at'])('is deleted a week after its %s if its session has ended', async (column) => {
    const { grant } = await givenGrant(provider);
    await age('sessions', grant.sessionId, { ended_at: '1 hour' });
    await age('grants', grant.id, { [column]: '167 hours' });
    await clean();
    expect(await exists(Grant, grant.id)).toBe(true);
    await age('grants', grant.id, { [column]: '169 hours' });
    await clean();
    expect(await exists(Grant, grant.id)).toBe(false);
  });

  it('is kept while its session is active, because its client must be told when the session ends', async () => {
    const { grant } = await givenGrant(provider);
    await age('grants', grant.id, { revoked_at: '30 days' });
    await clean();
    expect(await exists(Grant, grant.id)).toBe(true);
  });

  it('makes its access tokens and refresh tokens invalid once its row is deleted', async () => {
    const given = await givenAccountTokens(provider);
    await provider.dataSource.manager.delete(Grant, given.grant.id);
    expect((await request(provider, '/userinfo', { token: given.accessToken })).status).toBe(401);
    expect(await provider.app.get(IssuedAccessTokens).find(given.accessToken)).toBeUndefined();
    const refresh = { grant_type: 'refresh_token', refresh_token: given.refreshToken };
    expect((await post(provider, '/token', refresh, FRONTEND)).body.error).toBe('invalid_grant');
  });
});

describe('a session', () => {
  it.each(['ended_at', 'expires_at'])('is deleted a day after its %s', async (column) => {
    const { grant } = await givenGrant(provider);
    await provider.dataSource.manager.delete(Grant, grant.id);
    await age('sessions', grant.sessionId, { [column]: '23 hours' });
    await clean();
    expect(await exists(Session, grant.sessionId)).toBe(true);
    await age('sessions', grant.sessionId, { [column]: '25 hours' });
    await clean();
    expect(await exists(Session, grant.sessionId)).toBe(false);
  });

  it('is kept while it has a grant that outlives it (OpenID Connect Core §11)', async () => {
    const { grant } = await givenGrant(provider, { scopes: ['openid', 'offline_access'] });
    await age('sessions', grant.sessionId, { expires_at: '20 days' });
    await clean();
    expect([await exists(Session, grant.sessionId), await exists(Grant, grant.id)]).toEqual([true, true]);
  });
});

describe('a round of housekeeping', () => {
  it('skips each row that is still needed once, continues after the last row of each step, and writes no kept row', async () => {
    const [live, ended] = [await givenGrant(provider), await givenGrant(provider)];
    await age('sessions', ended.grant.sessionId, { ended_at: '30 days' });
    // One statement inserts all of them, so they ended at the same moment.
    await provider.dataSource.query(
      `INSERT INTO grants SELECT (jsonb_populate_record(given, jsonb_build_object(
         'id', gen_random_uuid(), 'session_id', CASE WHEN n % 2 = 0 THEN $2 ELSE $1 END, 'revoked_at', now() - interval '20 days'
       ))).* FROM grants AS given, generate_series(1, 50) AS n WHERE given.id = $3`,
      [live.grant.sessionId, ended.grant.sessionId, live.grant.id],
    );
    const kept = () =>
      query<{ rows: number; versions: number }>(
        `SELECT count(*)::int AS rows, count(DISTINCT xmax::text)::int AS versions FROM grants WHERE session_id = $1 AND xmax <> 0`,
        [live.grant.sessionId],
      );
    const before = await kept();
    const task = endedGrants(query, 60);
    const steps = [];
    for (let isLast = false; !isLast;) {
      const step = await task.removeBatch(10);
      steps.push(step);
      isLast = step.isLast;
    }
    expect(steps.reduce((sum, { removed }) => sum + removed, 0)).toBe(25);
    expect(steps).toHaveLength(6);
    expect(await provider.dataSource.manager.countBy(Grant, { sessionId: live.grant.sessionId })).toBe(26);
    expect(await kept()).toEqual(before);
  });

  it('leaves a locked row to the next round', async () => {
    const { grant } = await givenGrant(provider);
    await age('sessions', grant.sessionId, { ended_at: '10 days' });
    await age('grants', grant.id, { revoked_at: '10 days' });
    const other = provider.dataSource.createQueryRunner();
    await other.startTransaction();
    await other.query('SELECT FROM grants WHERE id = $1 FOR UPDATE', [grant.id]);
    await clean();
    expect(await exists(Grant, grant.id)).toBe(true);
    await other.rollbackTransaction();
    await other.release();
    await clean();
    expect(await exists(Grant, grant.id)).toBe(false);
  });
});

describe('housekeeping deletes', () => {
  const count = async (table: string, condition: string) => {
    const [{ count }] = await provider.dataSource.query(`SELECT count(*)::int FROM ${table} WHERE ${condition}`);
    return count as number;
  };

  it('expired device authorizations, logout deliveries, revoked tokens and short-lived state', async () => {
    await provider.dataSource.query(
      `INSERT INTO device_authorizations (id, device_code_hash, user_code, client_id, scopes, resources, expires_at, poll_interval)
       SELECT gen_random_uuid(), sha256(age::text::bytea), 'AGED-' || age, 'demo-cli', '{}', '{}', now() - make_interval(mins => age), 5
       FROM unnest('{59,61}'::int[]) AS age`,
    );
    await provider.dataSource.query(
      `INSERT INTO logout_deliveries (id, client_id, user_id, session_id, delivered_at, given_up_at, created_at)
       SELECT gen_random_uuid(), 'frontend', gen_random_uuid(), gen_random_uuid(), delivered, given_up, now() - interval '30 days'
       FROM (VALUES (now() - interval '8 days', NULL::timestamptz), (NULL, now() - interval '8 days'),
         (now() - interval '6 days', NULL), (NULL, NULL)) AS finished (delivered, given_up)`,
    );
    await provider.dataSource.query(
      `INSERT INTO revoked_tokens (jti, expires_at) VALUES ('over', now() - interval '1 second'), ('not-over', now() + interval '1 hour')`,
    );
    await provider.app.get(STATE_STORE).set('over', 1, 60);
    await provider.dataSource.query(`UPDATE state_entries SET expires_at = now() WHERE key = 'over'`);
    await clean();
    expect(await count('device_authorizations', `user_code LIKE 'AGED-%'`)).toBe(1);
    expect(await count('logout_deliveries', `created_at < now() - interval '29 days'`)).toBe(2);
    expect(await count('revoked_tokens', `jti IN ('over', 'not-over')`)).toBe(1);
    expect(await count('state_entries', `key = 'over'`)).toBe(0);
  });

  it('client secrets a month after they expired', async () => {
    const { clientId } = await givenClient(provider);
    const add = (days: number) =>
      provider.dataSource.manager.insert(ClientSecret, {
        id: randomUUID(),
        clientId,
        secretHash: sha256(randomSecret()),
        expiresAt: new Date(Date.now() - days * 24 * 3600 * 1000),
      });
    for (const days of [31, 29]) await add(days);
    await clean();
    // The secret from the registration never expires.
    expect(await provider.dataSource.manager.countBy(ClientSecret, { clientId })).toBe(2);
  });

  it('a client from a metadata document that no user has allowed anything', async () => {
    const { manager } = provider.dataSource;
    const [first, second, registered] = [
      await givenClient(provider, { clientId: 'https://unknown.example/client' }),
      await givenClient(provider, { clientId: 'https://allowed.example/client' }),
      await givenClient(provider),
    ];
    await givenGrant(provider, { clientId: second.clientId });
    // A document is used for a day, so a sign-in that began at the end of that day may still be in progress.
    await provider.dataSource.query(`UPDATE clients SET updated_at = now() - interval '25 hours'`);
    await clean();
    expect(await manager.existsBy(Client, { clientId: first.clientId })).toBe(true);
    await provider.dataSource.query(`UPDATE clients SET updated_at = now() - interval '49 hours'`);
    await clean();
    const left = await Promise.all(
      [first, second, registered].map(({ clientId }) => manager.existsBy(Client, { clientId })),
    );
    expect(left).toEqual([false, true, true]);
  });
});

it('finds ended grants through an index', async () => {
  const [plan] = await provider.dataSource.transaction(async (transaction) => {
    // For a table of a few rows a sequential scan is cheaper. The test checks that the index can be used.
    await transaction.query('SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off');
    return transaction.query<Record<string, unknown>[]>(
      `EXPLAIN (FORMAT JSON) SELECT id FROM grants
       WHERE LEAST(expires_at, revoked_at) < now() AND (LEAST(expires_at, revoked_at), id) > ('-infinity', $1::uuid)
       ORDER BY LEAST(expires_at, revoked_at), id LIMIT 10`,
      [randomUUID()],
    );
  });
  expect(JSON.stringify(plan)).toMatch(/"Index Name":"grants_ended"/);
  expect(JSON.stringify(plan)).not.toContain('"Sort"');
});
