import { Logger } from '@nestjs/common';
import { Interleaving, testDatabase } from '@trefoil/testing';
import fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import * as timers from 'node:timers/promises';
import pg from 'pg';
import type { RacedSession } from '../testing/refresh-race/raced-session.js';
import { calmRace, type Race, signedOutRace, stolenTokenRace, stormyRace } from '../testing/refresh-race/schedules.js';

// The types of jest do not declare its function for ES modules yet.
const modules = import.meta.jest as unknown as { unstable_mockModule(name: string, module: () => object): void };

// A wait for a lock or for a retry becomes a wait for some turns. No time passes unless a test lets it pass.
modules.unstable_mockModule('node:timers/promises', () => ({
  ...timers,
  setTimeout: async (_milliseconds: number, value: unknown) => {
    for (let turn = 0; turn < 4; turn++) await Interleaving.step('waits', async () => undefined);
    return value;
  },
}));
// Imported from here on, because the state store waits for its locks with the replaced function.
const { stateStoreSchema } = await import('@trefoil/state-store');
const { Encryption } = await import('../database/encryption.js');
const { runRace } = await import('../testing/refresh-race/race.js');
const { BROKEN } = await import('../testing/refresh-race/broken-parts.js');
const { ModelProvider } = await import('../testing/refresh-race/model-provider.js');

const SEED = 20261102;
/** The number of races that run at the same time, each with a session of its own. */
const LANES = 6;
/** In milliseconds. All properties together usually take a quarter of a minute on a machine that runs nothing else. */
const TIMEOUT = 300_000;

let pool: pg.Pool;
const encryption = new Encryption({ ENCRYPTION_KEY: [randomBytes(32)] });

beforeAll(async () => {
  const url = await testDatabase();
  pool = new pg.Pool({ connectionString: url, max: 10 });
  await pool.query(stateStoreSchema);
  Logger.overrideLogger(false);
});
afterAll(() => pool.end());

/** Checks a number of races. A failure is reported with its seed and its smallest counterexample. */
async function holdsFor(runs: number, races: fc.Arbitrary<Race>, check: (raced: RacedSession) => Promise<void>) {
  const property = fc.asyncProperty(races, async (race) => {
    const raced = await runRace({ pool, encryption }, race);
    await check(raced).catch((cause: unknown) => {
      throw new Error(raced.trace.join('\n'), { cause });
    });
  });
  const lane = (_: unknown, index: number) =>
    fc.assert(property, { seed: SEED + index, numRuns: Math.ceil(runs / LANES) });
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const result of lanes) if (result.status === 'rejected') throw result.reason;
}

/** Expects that the session continues with the newest token, and that nobody was told that it had ended. */
async function continues(raced: RacedSession): Promise<void> {
  const { provider } = raced;
  // Background retries have fetched a lost answer, although no request asked for it again.
  if (raced.isFaultless) expect(await raced.refreshToken()).toBe(ModelProvider.token(provider.chain.newest));
  const apis = [0, 1, 0, 1].map((api, replica) => raced.requestToken({ replica, refused: false, api }));
  expect(await Promise.all(apis)).not.toContain(undefined);
  expect(await raced.requestToken({ replica: 1, refused: true, api: 0 })).toMatch(/^access-/);
  expect(await raced.refreshToken()).toBe(ModelProvider.token(provider.chain.newest));
  expect({ ...provider.chain, endedFor: raced.ended }).toMatchObject({ live: true, recorded: 0, endedFor: 0 });
}

/** Expects that the session has ended at both replicas. */
async function hasEnded(raced: RacedSession): Promise<void> {
  const requests = [0, 1].map((each) => raced.requestToken({ replica: each, refused: true, api: each }));
  expect(await Promise.all(requests)).toEqual([undefined, undefined]);
  expect(await raced.refreshToken()).toBeUndefined();
}

async function isRefreshedOnceForEachApi(raced: RacedSession): Promise<void> {
  const { size } = raced.apis;
  expect(raced.provider).toMatchObject({ requests: size, mostAtOnce: 1, chain: { newest: size } });
  await continues(raced);
}

/**
 * Expects that the theft is detected. User and thief may have alternated quickly so far; from here on, each comes later
 * than the provider repeats an answer.
 */
async function isDetected(raced: RacedSession): Promise<void> {
  const { provider } = raced;
  for (const next of [
    () => raced.requestToken({ replica: 0, refused: true, api: 0 }),
    async () => raced.thief.use(provider),
    () => raced.requestToken({ replica: 1, refused: true, api: 1 }),
  ]) {
    provider.letTimePass();
    await next();
  }
  expect(provider.chain).toMatchObject({ live: false, recorded: 1 });
  await hasEnded(raced);
}

describe('a session whose tabs need tokens at two replicas, in any interleaving', () => {
  it(
    'is refreshed once for all tabs that need the same API, and for one API at a time',
    () => holdsFor(300, calmRace, isRefreshedOnceForEachApi),
    TIMEOUT,
  );

  it('continues when requests, answers or locks are lost or late', () => holdsFor(600, stormyRace, continues), TIMEOUT);

  it('does not come back after a sign-out', () => holdsFor(200, signedOutRace, hasEnded), TIMEOUT);

  it(
    'ends when a thief has used its refresh token (RFC 9700 §4.14.2)',
    () => holdsFor(300, stolenTokenRace, isDetected),
    TIMEOUT,
  );
});

describe('the properties above', () => {
  it.each([
    ['a lock that does not lock', BROKEN.openLock, calmRace, isRefreshedOnceForEachApi],
    ['a session that is not read again under the lock', BROKEN.staleReads, calmRace, isRefreshedOnceForEachApi],
    ['a write that does not compare versions', BROKEN.blindWrites, signedOutRace, hasEnded],
  ])('detect %s', async (_name, parts, races, check) => {
    const property = fc.asyncProperty(races, async (race) => check(await runRace({ pool, encryption, parts }, race)));
    const { failed, errorInstance } = await fc.check(property, { seed: SEED, numRuns: 200, endOnFailure: true });
    expect({ failed, reason: String(errorInstance) }).toEqual({
      failed: true,
      reason: expect.stringContaining('expect('),
    });
  });
});
