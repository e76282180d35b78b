import { Housekeeping, poolOf } from '@trefoil/server-kit';
import { testDatabase } from '@trefoil/testing';
import type { QueryConfig } from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import { providerDataSource } from '../database/data-source.js';
import { Grant } from '../grants/grant.entity.js';
import { Grants } from '../grants/grants.js';
import { RefreshTokenRotation } from '../grants/refresh-token-rotation.js';
import { SecurityEvent } from '../security-events/security-event.entity.js';
import { type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';
import { FRONTEND, givenGrant, post } from '../testing/token-requests.js';

/*
 * Simulates 100,000 sign-ins and a million refreshes in twenty generations of users. Each generation signs in, refreshes ten
 * times and signs out. Housekeeping deletes its rows while the next generation refreshes.
 *
 * Like in production: every row has the columns of a real row, every refresh is the `UPDATE` that a refresh runs, 5000
 * refreshes go through the repository and 100 through the token endpoint, and the housekeeping is that of the server.
 *
 * Unlike in production: the other refreshes update a few hundred rows in one statement, so few that two of them rarely
 * share a page, because a transaction cannot reclaim row versions that it has replaced itself. Users sign out eight days in the
 * past, because the test cannot move the clock. VACUUM runs between two generations instead of whenever autovacuum starts it.
 */
const GENERATIONS = 20;
const SIGN_INS = 5000;
const REFRESHES = 10;
const SLICE = 500;
const THROUGH_REPOSITORY = 250;
const AT_ONCE = 10;
const THROUGH_ENDPOINT = 5;
/** The index of the generation from which on nothing may grow. By then, freed space has been reused. */
const SETTLED = 3;
/** More rows than the demo data and this test's own requests add to a table. */
const FEW = 200;

const { jest } = import.meta;
jest.setTimeout(300_000);

let provider: ProviderUnderTest;
let unhurried: DataSource;
let runner: QueryRunner;
let template: Grant;

beforeAll(async () => {
  const database = await testDatabase();
  provider = await startProvider(database);
  // A statement over thousands of rows may take longer than the statement timeout of the server.
  unhurried = await new DataSource({ ...providerDataSource(database), extra: {} }).initialize();
  runner = unhurried.createQueryRunner();
  await runner.connect();
  const { grant } = await givenGrant(provider);
  template = await provider.dataSource.manager.findOneByOrFail(Grant, { id: grant.id });
});
afterAll(async () => {
  await runner.release();
  await unhurried.destroy();
  await provider.stop();
});

/** Signs in a generation: inserts the rows of `Sessions.start`, `Grants.insert`, a redeemed code and short-lived state. */
async function signIn(): Promise<string[]> {
  const rows = await runner.manager.query<{ id: string }[]>(
    `WITH signed_in AS MATERIALIZED (
       SELECT gen_random_uuid() AS session_id, gen_random_uuid() AS id FROM generate_series(1, $1)
     ), session AS (
       INSERT INTO sessions SELECT (jsonb_populate_record(template, jsonb_build_object(
         'id', session_id, 'secret_hash', sha256(session_id::text::bytea)))).*
       FROM sessions AS template, signed_in WHERE template.id = $2
     ), state AS (
       INSERT INTO state_entries (key, value, expires_at) SELECT 'authorization:' || id, '{}', now() FROM signed_in
     )
     SELECT id, session_id FROM signed_in`,
    [SIGN_INS, template.sessionId],
  );
  await runner.manager.query(
    `INSERT INTO grants SELECT (jsonb_populate_record(template, to_jsonb(signed_in) || jsonb_build_object(
       'secret', sha256(signed_in.id::text::bytea)))).*
     FROM grants AS template, jsonb_to_recordset($1) AS signed_in (id uuid, session_id uuid) WHERE template.id = $2`,
    [JSON.stringify(rows), template.id],
  );
  const ids = shuffled(rows.map(({ id }) => id));
  await inSlices(ids, 'UPDATE grants SET code_redeemed_at = now() WHERE id = ANY ($1)');
  return ids;
}

/** Refreshes each grant once, with the columns and conditions of `RefreshTokenRotation.rotate`. */
const refreshAll = (ids: readonly string[]) =>
  inSlices(
    ids,
    `UPDATE grants SET refresh_generation = refresh_generation + 1, refreshed_jkt = NULL, refreshed_at = now()
     WHERE id = ANY ($1) AND revoked_at IS NULL AND expires_at > now()
     AND EXISTS (SELECT FROM sessions WHERE sessions.id = session_id AND sessions.ended_at IS NULL)`,
  );

/** Ends the sessions and grants of a generation, a day longer ago than ended grants are kept. */
async function signOut(ids: readonly string[]): Promise<void> {
  await inSlices(
    ids,
    `UPDATE sessions SET ended_at = now() - interval '8 days' FROM grants WHERE session_id = sessions.id AND grants.id = ANY ($1)`,
  );
  await inSlices(ids, `UPDATE grants SET revoked_at = now() - interval '8 days' WHERE id = ANY ($1)`);
}

async function inSlices(ids: readonly string[], statement: string): Promise<void> {
  for (let start = 0; start < ids.length; start += SLICE) {
    const slice = ids.slice(start, start + SLICE);
    const [, changed] = await runner.manager.query<[unknown, number]>(statement, [slice]);
    expect(changed).toBe(slice.length);
  }
}

/** Returns the items in random order, because users return in no fixed order. */
function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

async function refreshThroughRepository(ids: readonly string[]): Promise<void> {
  const grants = provider.app.get(Grants);
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const rotations = ids.slice(start, start + AT_ONCE).map(async (id) => {
      const grant = await grants.find(id);
      if (!grant) throw new Error('the grant is gone');
      return provider.app
        .get(RefreshTokenRotation)
        .rotate(grant, { generation: grant.refreshGeneration, thumbprint: undefined }, 10);
    });
    expect((await Promise.all(rotations)).every(Boolean)).toBe(true);
  }
}

/** Refreshes one grant several times over HTTP, as a client does. */
async function refreshThroughEndpoint(count: number): Promise<void> {
  const { redemption } = await givenGrant(provider);
  let { body } = await post(provider, '/token', redemption, FRONTEND);
  for (let number = 0; number < count; number++) {
    const parameters = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
    const answer = await post(provider, '/token', parameters, FRONTEND);
    expect(answer.status).toBe(200);
    ({ body } = answer);
  }
}

async function clean(): Promise<void> {
  await provider.dataSource.query(`DELETE FROM state_entries WHERE key = 'housekeeping'`);
  expect(await provider.app.get(Housekeeping).round()).toBe(true);
}

/** Returns the size of each table with its indexes, in pages, and the numbers of rows. */
async function measure() {
  const tables = ['grants', 'sessions', 'state_entries'];
  const sizes = await runner.manager.query<{ pages: number }[]>(
    'SELECT (pg_total_relation_size(name::regclass) / 8192)::int AS pages FROM unnest($1::text[]) WITH ORDINALITY AS t (name, at) ORDER BY at',
    [tables],
  );
  const [counts = { grants: NaN, sessions: NaN, state: NaN }] = await runner.manager.query<
    { grants: number; sessions: number; state: number }[]
  >(
    `SELECT (SELECT count(*)::int FROM grants) AS grants, (SELECT count(*)::int FROM sessions) AS sessions,
       (SELECT count(*)::int FROM state_entries) AS state`,
  );
  return { counts, pages: Object.fromEntries(sizes.map(({ pages }, at) => [tables[at] ?? '', pages])) };
}

/** Returns how many updates of grants there were, and how many of them were heap-only (`hot`): same page, no index written. */
async function updates(): Promise<{ all: number; hot: number }> {
  await runner.manager.query('SELECT pg_stat_force_next_flush()');
  const [counted] = await runner.manager.query<{ all: number; hot: number }[]>(
    `SELECT n_tup_upd::int AS all, n_tup_hot_upd::int AS hot FROM pg_stat_user_tables WHERE relname = 'grants'`,
  );
  return counted ?? { all: 0, hot: 0 };
}

interface Plan {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

/** Returns how many pages a refresh reads: the median over some grants, by EXPLAIN of the statement of the repository. */
async function pagesOfRefresh(ids: readonly string[]): Promise<number> {
  const grants = provider.app.get(Grants);
  const pages: number[] = [];
  for (const id of ids) {
    const grant = await grants.find(id);
    if (!grant) throw new Error('the grant is gone');
    const sent = jest.spyOn(poolOf(provider.dataSource), 'query');
    await provider.app
      .get(RefreshTokenRotation)
      .rotate(grant, { generation: grant.refreshGeneration, thumbprint: undefined }, 10);
    // Background tasks query the database at the same time, so look for the right statement.
    const rotation = sent.mock.calls
      .map(([statement]) => statement as unknown as QueryConfig<unknown[]>)
      .find(({ name }) => name === 'rotate-refresh-token');
    sent.mockRestore();
    if (!rotation) throw new Error('the refresh sent no such statement');
    await runner.startTransaction();
    // Run the same statement again, on the same row and the same pages.
    const again = [id, grant.refreshGeneration + 1, ...(rotation.values ?? []).slice(2)];
    const [explained] = await runner.manager.query<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(
      `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ${rotation.text}`,
      again,
    );
    await runner.rollbackTransaction();
    const plan = explained?.['QUERY PLAN'][0].Plan;
    pages.push(plan ? plan['Shared Hit Blocks'] + plan['Shared Read Blocks'] : NaN);
  }
  return pages.sort((a, b) => a - b)[Math.floor(pages.length / 2)] ?? 0;
}

it('100,000 sign-ins and a million refreshes leave tables of bounded size, and a refresh costs the same as at first', async () => {
  const measured: Awaited<ReturnType<typeof measure>>[] = [];
  const pages: number[] = [];
  const refreshed = { all: 0, hot: 0 };

  let cleaning: Promise<void> = Promise.resolve();
  for (let generation = 0; generation < GENERATIONS; generation++) {
    const ids = await signIn();
    const before = await updates();
    for (let refresh = 0; refresh < REFRESHES; refresh++) await refreshAll(ids);
    const after = await updates();
    refreshed.all += after.all - before.all;
    refreshed.hot += after.hot - before.hot;
    await refreshThroughRepository(ids.slice(0, THROUGH_REPOSITORY));
    await refreshThroughEndpoint(THROUGH_ENDPOINT);
    pages.push(await pagesOfRefresh(ids.slice(-20)));
    await cleaning;
    await signOut(ids);
    await runner.manager.query('VACUUM (ANALYZE) grants, sessions, state_entries');
    measured.push(await measure());
    cleaning = clean();
  }
  await cleaning;
  const { counts: left } = await measure();

  expect(refreshed.all).toBeGreaterThanOrEqual(1_000_000);
  // Bounded rows: those of the current generation, and none at the end.
  for (const { counts } of measured) {
    for (const count of Object.values(counts)) expect(count).toBeLessThan(SIGN_INS + FEW);
  }
  for (const count of Object.values(left)) expect(count).toBeLessThan(FEW);
  // Bounded space: tables and indexes reuse freed space. Without reuse the last size would be five times the settled one.
  // The limit is double, because the exact size depends on the writes during VACUUM.
  for (const [table, settled] of Object.entries(measured[SETTLED]?.pages ?? {})) {
    const last = measured.at(-1)?.pages[table];
    expect([table, (last ?? Infinity) / settled < 2]).toEqual([table, true]);
  }
  // Constant cost: a refresh writes to no index, and the last one reads as many pages as the first.
  expect(refreshed.hot / refreshed.all).toBeGreaterThan(0.95);
  expect(Math.max(...pages) - Math.min(...pages)).toBeLessThanOrEqual(1);
});

it('a refresh records no security event', async () => {
  const events = () => provider.dataSource.manager.count(SecurityEvent);
  const { redemption } = await givenGrant(provider);
  let { body } = await post(provider, '/token', redemption, FRONTEND);
  const before = await events();
  for (let number = 0; number < 20; number++) {
    const parameters = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
    ({ body } = await post(provider, '/token', parameters, FRONTEND));
  }
  expect(body.access_token).toEqual(expect.any(String));
  expect(await events()).toBe(before);
});
