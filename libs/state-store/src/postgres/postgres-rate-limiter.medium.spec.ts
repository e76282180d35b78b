import { testDatabase } from '@trefoil/testing';
import { Pool } from 'pg';
import type { RateLimit } from '../rate-limiter.js';
import { PostgresStateStore } from './postgres-state-store.js';
import { stateStoreSchema } from './state-store-schema.js';

let pool: Pool;

beforeAll(async () => {
  pool = new Pool({ connectionString: await testDatabase(), max: 10 });
  await pool.query(stateStoreSchema);
});
afterAll(() => pool.end());

const rateLimiter = (database: Pool, rateLimit: RateLimit) => new PostgresStateStore(database).rateLimiter(rateLimit);

const limit = { points: 3, durationSeconds: 60 };

describe('a rate limiter in PostgreSQL', () => {
  it('starts over when the duration has ended', async () => {
    const limiter = rateLimiter(pool, { name: 'ended', ...limit });
    for (let attempt = 0; attempt < 4; attempt++) await limiter.penalize('alice');
    await pool.query(`UPDATE rate_limits SET expire = 1 WHERE key LIKE 'ended:%'`);
    expect(await limiter.check('alice')).toEqual({ allowed: true, remaining: 3 });
    expect(await limiter.penalize('alice')).toEqual({ allowed: true, remaining: 2 });
  });

  it('stores keys as digests, and accepts keys of any length', async () => {
    const limiter = rateLimiter(pool, { name: 'hashed', ...limit });
    await limiter.penalize(`alice@example.com\u0000${'x'.repeat(5000)}`);
    const { rows } = await pool.query<{ key: string }>(`SELECT key FROM rate_limits WHERE key LIKE 'hashed:%'`);
    expect(rows).toEqual([{ key: expect.stringMatching(/^hashed:[\w-]{43}$/) }]);
  });

  it('throws an error, and does not refuse the attempt, when the database is down', async () => {
    const unreachable = new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    const limiter = rateLimiter(unreachable, { name: 'down', ...limit });
    await expect(limiter.penalize('alice')).rejects.toThrow('ECONNREFUSED');
    await expect(limiter.check('alice')).rejects.toThrow('ECONNREFUSED');
    await unreachable.end();
  });

  it('creates rows that removeExpired deletes when they have expired', async () => {
    await rateLimiter(pool, { name: 'rows', ...limit }).penalize('alice');
    await pool.query(`UPDATE rate_limits SET expire = 1 WHERE key LIKE 'rows:%'`);
    await new PostgresStateStore(pool).removeExpired(1000);
    const { rows } = await pool.query(`SELECT 1 FROM rate_limits WHERE key LIKE 'rows:%'`);
    expect(rows).toEqual([]);
  });
});
