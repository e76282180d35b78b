import { Interleaving, testDatabase } from '@trefoil/testing';
import fc from 'fast-check';
import { BROKEN_ROTATIONS } from '../testing/refresh-chain/broken-rotations.js';
import { type ChainUnderTest, UNEXPLAINED } from '../testing/refresh-chain/chain-under-test.js';
import { HonestClient } from '../testing/refresh-chain/honest-client.js';
import { RefreshReplicas } from '../testing/refresh-chain/refresh-replicas.js';
import { type Act, type AnyActs, anyActs, honestRounds, thievery } from '../testing/refresh-chain/schedules.js';

const SEED = 20261101;
/** The number of runs at the same time. Each run has its own grant. */
const LANES = 6;
/** Milliseconds. On an idle machine, all tests together take about a quarter of a minute. */
const ENOUGH_TIME = 300_000;

let replicas: RefreshReplicas;

beforeAll(async () => {
  replicas = await RefreshReplicas.start(await testDatabase());
});
afterAll(() => replicas.stop());

/** Checks a number of random schedules. A failing schedule is reported with its seed, in its smallest form. */
async function always<T>(runs: number, schedules: fc.Arbitrary<T>, check: (drawn: T) => Promise<void>): Promise<void> {
  const lane = (_: unknown, index: number) =>
    fc.assert(fc.asyncProperty(schedules, check), { seed: SEED + index, numRuns: Math.ceil(runs / LANES) });
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const result of lanes) if (result.status === 'rejected') throw result.reason;
}

async function act(chain: ChainUnderTest, who: string, what: Act): Promise<void> {
  if (what === 'revoke') await chain.revoke();
  else if ('halves' in what) await chain.pass(what.halves);
  else await chain.use(who, chain.tokens[what.age % chain.tokens.length] ?? '', what.replica, what.key);
}

/** Runs parties that act in any order and may use every token that was ever issued. */
async function inAnyOrder({ parties, picks }: AnyActs, given = replicas.refreshTokens) {
  const chain = await replicas.chain(given);
  const run = new Interleaving(picks);
  const all = parties.map((acts, index) =>
    run.start(`party ${index}`, async () => {
      for (const each of acts) await act(chain, `party ${index}`, each);
    }),
  );
  await run.toEnd();
  await Promise.all(all);
  await chain.expectExplained(run.trace);
}

describe('a chain of refresh tokens at two replicas', () => {
  it(
    'has the same results in any interleaving as in some sequence: one chain, one retry, reuse revokes and is recorded once',
    () => always(800, anyActs, (drawn) => inAnyOrder(drawn)),
    ENOUGH_TIME,
  );

  it(
    'does not sign out a client whose responses are lost and whose tabs refresh at once',
    () =>
      always(200, honestRounds, async ({ rounds, picks }) => {
        const chain = await replicas.chain();
        const client = new HonestClient(chain);
        const run = new Interleaving(picks);
        const all = run.start('client', async () => {
          for (const { tabs, passes } of rounds) {
            await client.refresh(tabs, run);
            if (passes) await chain.pass(2);
          }
        });
        await run.toEnd();
        await all;
        expect(client.isSignedOut).toBe(false);
        expect(await chain.now()).toMatchObject({ newest: rounds.length, live: true, recorded: 0 });
        await chain.expectExplained(run.trace);
      }),
    ENOUGH_TIME,
  );

  it(
    'ends, and the reuse is recorded, when a thief and the client both use it, whichever is second (RFC 9700 §4.14.2)',
    () =>
      always(300, thievery, async ({ rounds, thefts, picks }) => {
        const chain = await replicas.chain();
        const client = new HonestClient(chain);
        let stolen = client.token;
        const steal = async (replica: number) => (stolen = (await chain.use('thief', stolen, replica)) ?? stolen);
        const run = new Interleaving(picks);
        const honest = run.start('client', async () => {
          for (const { tabs, passes } of rounds) {
            await client.refresh(tabs, run);
            if (passes) await chain.pass(2);
          }
        });
        const thief = run.start('thief', async () => {
          for (const theft of thefts) {
            if (theft === 'copies') await Interleaving.step('copies', async () => (stolen = client.token));
            else await steal(theft.replica);
          }
        });
        await run.toEnd();
        await Promise.all([honest, thief]);
        // From here on every use comes after the grace period, even if thief and client kept in step before.
        for (const next of [() => client.refresh(), () => steal(0), () => client.refresh()]) {
          await chain.pass(2);
          await next();
        }
        expect(client.isSignedOut).toBe(true);
        expect(await chain.now()).toMatchObject({ live: false, recorded: 1 });
        await chain.expectExplained(run.trace);
      }),
    ENOUGH_TIME,
  );
});

describe('the property', () => {
  it.each(Object.entries(BROKEN_ROTATIONS))('finds the fault of %s', async (_name, Broken) => {
    const broken = replicas.refreshTokensWith((dataSource) => new Broken(dataSource));
    const property = fc.asyncProperty(anyActs, (drawn) => inAnyOrder(drawn, broken));
    const { errorInstance } = await fc.check(property, { seed: SEED, numRuns: 100, endOnFailure: true });
    expect(String(errorInstance)).toContain(UNEXPLAINED);
  });
});
