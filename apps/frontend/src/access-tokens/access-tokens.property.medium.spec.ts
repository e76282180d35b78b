import { Logger } from '@nestjs/common';
import { Interleaving, testDatabase } from '@trefoil/testing';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import * as timers from 'node:timers/promises';
import pg from 'pg';
import type { RacedSession } from '../testing/refresh-race/raced-session.js';
import { calmRace, endedRace, type Race, robbedRace, stormyRace } from '../testing/refresh-race/schedules.js';

// The types of jest do not know its function for ES modules yet.
const modules = import.meta.jest as unknown as { unstable_mockModule(name: string, module: () => object): void };

// Whoever waits for a lock, or to try again, waits for some turns: no time passes unless a test says so.
modules.unstable_mockModule('node:timers/promises', () => ({
  ...timers,
  setTimeout: async (_milliseconds: number, value: unknown) => {
    for (let turn = 0; turn < 4; turn++) await Interleaving.step('waits', async () => undefined);
    return value;
  },
}));
const { migrate } = await import('../database/migrate.js');
const { Sealer } = await import('../database/encryption.js');
const { runRace } = await import('../testing/refresh-race/race.js');
const { BROKEN } = await import('../testing/refresh-race/broken-parts.js');
const { ModelProvider } = await import('../testing/refresh-race/model-provider.js');

const SEED = 20261102;
/** Runs that are under way together; each has a session of its own. */
const LANES = 6;
/** Milliseconds; a minute is usual for all, where nothing else runs. */
const ENOUGH_TIME = 300_000;

let pool: pg.Pool;
const sealer = new Sealer({ ENCRYPTION_KEY: [randomBytes(32)] });

beforeAll(async () => {
  const url = await testDatabase();
  await migrate(url);
  pool = new pg.Pool({ connectionString: url, max: 10 });
  Logger.overrideLogger(false);
});
afterAll(() => pool.end());

/** Runs so many races; one that goes wrong is told by its seed and in its smallest form. */
async function always(runs: number, races: fc.Arbitrary<Race>, check: (raced: RacedSession) => Promise<void>) {
  const property = fc.asyncProperty(races, async (race) => {
    const raced = await runRace({ pool, sealer }, race);
    await check(raced).catch((cause: unknown) => {
      throw new Error(raced.trace.join('\n'), { cause });
    });
  });
  const lane = (_: unknown, index: number) =>
    fc.assert(property, { seed: SEED + index, numRuns: Math.ceil(runs / LANES) });
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const result of lanes) if (result.status === 'rejected') throw result.reason;
}

/** Everybody has been told the truth, and goes on with the newest token. */
async function goesOn(raced: RacedSession): Promise<void> {
  const { provider } = raced;
  // What was lost has been asked for again already, though nobody came back for it.
  if (raced.isFaultless) expect(await raced.refreshToken()).toBe(ModelProvider.token(provider.chain.newest));
  expect(await Promise.all([0, 1].map((replica) => raced.want(replica, false)))).not.toContain(undefined);
  expect(await raced.want(1, true)).toMatch(/^access-/);
  expect(await raced.refreshToken()).toBe(ModelProvider.token(provider.chain.newest));
  expect({ ...provider.chain, endedFor: raced.ended }).toMatchObject({ live: true, recorded: 0, endedFor: 0 });
}

/** The session is gone, for everybody and for good. */
async function isOver(raced: RacedSession): Promise<void> {
  expect(await Promise.all([0, 1].map((replica) => raced.want(replica, true)))).toEqual([undefined, undefined]);
  expect(await raced.refreshToken()).toBeUndefined();
}

async function isRefreshedOnce(raced: RacedSession): Promise<void> {
  expect(raced.provider).toMatchObject({ requests: 1, mostAtOnce: 1, chain: { newest: 1 } });
  await goesOn(raced);
}

/** However well they kept in step: from here on each comes later than an answer is repeated. */
async function isFoundOut(raced: RacedSession): Promise<void> {
  const { provider } = raced;
  for (const next of [() => raced.want(0, true), async () => raced.thief.use(provider), () => raced.want(1, true)]) {
    provider.pass();
    await next();
  }
  expect(provider.chain).toMatchObject({ live: false, recorded: 1 });
  await isOver(raced);
}

describe('a session whose tabs want tokens at two replicas, in any interleaving', () => {
  it('is refreshed once for all of them (design §4)', () => always(1200, calmRace, isRefreshedOnce), ENOUGH_TIME);

  it('goes on whatever gets lost, late or locked out (design §4)', () => always(2500, stormyRace, goesOn), ENOUGH_TIME);

  it('is not brought back after signing out', () => always(800, endedRace, isOver), ENOUGH_TIME);

  it(
    'ends when a thief has used its refresh token (RFC 9700 §4.14.2)',
    () => always(1000, robbedRace, isFoundOut),
    ENOUGH_TIME,
  );
});

describe('the properties', () => {
  it.each([
    ['a lock that lets everybody in', BROKEN.openLock, calmRace, isRefreshedOnce],
    ['a session that is not read again under the lock', BROKEN.noSecondLook, calmRace, isRefreshedOnce],
    ['a write that does not compare', BROKEN.blindWrites, endedRace, isOver],
  ])('tell %s from what is right', async (_name, parts, races, check) => {
    const property = fc.asyncProperty(races, async (race) => check(await runRace({ pool, sealer, parts }, race)));
    const { failed, errorInstance } = await fc.check(property, { seed: SEED, numRuns: 200, endOnFailure: true });
    expect({ failed, reason: String(errorInstance) }).toEqual({
      failed: true,
      reason: expect.stringContaining('expect('),
    });
  });
});
