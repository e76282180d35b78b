import { PostgresStateStore, stateStoreSchema } from '@trefoil/state-store';
import { testDatabase } from '@trefoil/testing';
import { Pool } from 'pg';
import { Admission, TooManyRequestsError } from './admission.js';
import type { Limits } from './limit.js';

const LIMITS = {
  pushes: { counts: 'Pushed requests', per: 'network', of: 'requests', points: 3, windowSeconds: 60 },
  'sign-ins': { counts: 'Failed sign-ins', per: 'account and network', of: 'failures', points: 2, windowSeconds: 900 },
} satisfies Limits;

let pool: Pool;
let admission: Admission<typeof LIMITS>;

beforeAll(async () => {
  pool = new Pool({ connectionString: await testDatabase() });
  await pool.query(stateStoreSchema);
  admission = new Admission(new PostgresStateStore(pool), LIMITS);
});
afterAll(() => pool.end());

describe('admission', () => {
  it('refuses what exceeds a limit with 429 and Retry-After, and no other key (RFC 6585 §4)', async () => {
    for (let count = 0; count < 3; count++) await admission.admit('pushes', '203.0.113.1');
    const refused = await admission.admit('pushes', '203.0.113.1').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TooManyRequestsError);
    expect(refused).toMatchObject({ status: 429, limit: 'pushes', headers: { 'Retry-After': expect.any(String) } });
    expect((refused as TooManyRequestsError).retryAfterSeconds).toBeGreaterThan(0);
    await admission.admit('pushes', '203.0.113.2');
  });

  it('admits exactly the points of a limit to 30 requests at once, over two replicas', async () => {
    const replicas = [admission, new Admission(new PostgresStateStore(pool), LIMITS)];
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, async (_, n) => replicas[n % 2]?.admit('pushes', '203.0.113.3')),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });

  it('counts only attempts that fail', async () => {
    for (let count = 0; count < 5; count++) {
      await (await admission.attempt(['sign-ins', 'alice'])).succeeded();
    }
    for (let count = 0; count < 2; count++) await admission.attempt(['sign-ins', 'alice']);
    await expect(admission.attempt(['sign-ins', 'alice'])).rejects.toThrow(TooManyRequestsError);
  });

  it('counts no later limit of an attempt that an earlier one refuses', async () => {
    for (let count = 0; count < 3; count++) await admission.admit('pushes', 'full');
    await expect(admission.attempt(['pushes', 'full'], ['sign-ins', 'bob'])).rejects.toThrow(TooManyRequestsError);
    for (let count = 0; count < 2; count++) await admission.attempt(['sign-ins', 'bob']);
  });

  it('checks a limit without counting', async () => {
    for (let count = 0; count < 5; count++) await admission.check('pushes', 'unseen');
    for (let count = 0; count < 3; count++) await admission.admit('pushes', 'unseen');
    await expect(admission.check('pushes', 'unseen')).rejects.toThrow(TooManyRequestsError);
  });

  it('sends no query for a key that was refused, so that a flood costs the database nothing', async () => {
    let queries = 0;
    const counted = {
      options: pool.options,
      query: ((...given: unknown[]) => (queries++, pool.query(...(given as [string])))) as Pool['query'],
    };
    const flooded = new Admission(new PostgresStateStore(counted), LIMITS);
    for (let count = 0; count < 4; count++) await flooded.admit('pushes', 'flood').catch(() => undefined);
    const before = queries;
    for (let count = 0; count < 100; count++) await flooded.admit('pushes', 'flood').catch(() => undefined);
    expect(queries).toBe(before);
  });
});
