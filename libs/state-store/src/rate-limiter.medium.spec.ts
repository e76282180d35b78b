import { testDatabase } from '@trefoil/testing';
import { Pool } from 'pg';
import { PostgresStateStore } from './postgres-state-store.js';
import { rateLimiter } from './rate-limiter.js';
import { stateStoreSchema } from './state-store-schema.js';

let pool: Pool;

beforeAll(async () => {
  pool = new Pool({ connectionString: await testDatabase(), max: 10 });
  await pool.query(stateStoreSchema);
});
afterAll(() => pool.end());

const limit = { points: 3, durationSeconds: 60 };

describe('rateLimiter', () => {
  it('allows as many attempts as it has points, and then returns how long to wait', async () => {
    const limiter = rateLimiter(pool, { name: 'points', ...limit });
    expect(await limiter.check('alice')).toEqual({ allowed: true, remaining: 3 });
    expect(await limiter.penalize('alice')).toEqual({ allowed: true, remaining: 2 });
    expect(await limiter.penalize('alice')).toEqual({ allowed: true, remaining: 1 });
    expect(await limiter.penalize('alice')).toEqual({ allowed: true, remaining: 0 });
    const refused = await limiter.penalize('alice');
    expect(refused).toEqual({ allowed: false, retryAfterSeconds: expect.any(Number) });
    expect(await limiter.check('alice')).toEqual(refused);
    expect(refused).toHaveProperty('retryAfterSeconds', expect.closeTo(60, -1));
  });

  it('allows exactly as many attempts as it has points to 30 concurrent callers', async () => {
    const limiter = rateLimiter(pool, { name: 'parallel', ...limit });
    const results = await Promise.all(Array.from({ length: 30 }, () => limiter.penalize('alice')));
    expect(results.filter(({ allowed }) => allowed)).toHaveLength(3);
  });

  it('blocks a key for its own time when the points are used, also for check', async () => {
    const limiter = rateLimiter(pool, { name: 'block', ...limit, blockSeconds: 900 });
    for (let attempt = 0; attempt < 3; attempt++) await limiter.penalize('alice');
    expect(await limiter.check('alice')).toHaveProperty('retryAfterSeconds', expect.closeTo(900, -1));
    expect(await limiter.penalize('alice')).toHaveProperty('retryAfterSeconds', expect.closeTo(900, -1));
  });

  it('takes back a counted attempt', async () => {
    const limiter = rateLimiter(pool, { name: 'refund', ...limit });
    await limiter.penalize('alice');
    await limiter.refund('alice');
    expect(await limiter.check('alice')).toEqual({ allowed: true, remaining: 3 });
  });

  it('starts over after a reset', async () => {
    const limiter = rateLimiter(pool, { name: 'reset', ...limit });
    for (let attempt = 0; attempt < 4; attempt++) await limiter.penalize('alice');
    await limiter.reset('alice');
    expect(await limiter.check('alice')).toEqual({ allowed: true, remaining: 3 });
  });

  it('starts over when the duration has ended', async () => {
    const limiter = rateLimiter(pool, { name: 'ended', ...limit });
    for (let attempt = 0; attempt < 4; attempt++) await limiter.penalize('alice');
    await pool.query(`UPDATE rate_limits SET expire = 1 WHERE key LIKE 'ended:%'`);
    expect(await limiter.check('alice')).toEqual({ allowed: true, remaining: 3 });
    expect(await limiter.penalize('alice')).toEqual({ allowed: true, remaining: 2 });
  });

  it('has a count for each key and each limit', async () => {
    const limiter = rateLimiter(pool, { name: 'apart', ...limit });
    for (let attempt = 0; attempt < 4; attempt++) await limiter.penalize('alice');
    expect(await limiter.check('bob')).toHaveProperty('allowed', true);
    expect(await rateLimiter(pool, { name: 'other', ...limit }).check('alice')).toHaveProperty('allowed', true);
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
