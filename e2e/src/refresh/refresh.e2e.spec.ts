import { Browser, demoUsers } from '@trefoil/testing';
import fc from 'fast-check';
import type { Fate } from './lossy-proxy.js';
import { ReplicatedStack } from './replicated-stack.js';

const SEED = 20261103;
/** Browsers at the same time. */
const LANES = 6;

let stack: ReplicatedStack;
let browsers: Browser[];

beforeAll(async () => {
  stack = await ReplicatedStack.start();
  browsers = await Promise.all(Array.from({ length: LANES }, signedInAtProvider));
}, 180_000);
afterAll(() => stack.stop());

async function signedInAtProvider(): Promise<Browser> {
  const browser = new Browser();
  const login = await browser.open(`${stack.frontends[0]}/login`);
  const page = await login.submit('#login', demoUsers.alice);
  if (page.has('#allow')) await page.submit('#allow');
  return browser;
}

/** Begins a new session of the frontend, whose access token ends at once, and tells its grant. */
const grants = { signingIn: Promise.resolve('') };
function newSession(browser: Browser): Promise<string> {
  // One after the other: the proxy tells the grant of the last one.
  grants.signingIn = grants.signingIn.then(async () => {
    await browser.open(`${stack.frontends[0]}/login`);
    return stack.proxy.newestGrant;
  });
  return grants.signingIn;
}

/** The answers to a page that needs a token, from several tabs at once. */
const openTabs = (browser: Browser, replicas: readonly number[]): Promise<number[]> =>
  Promise.all(
    replicas.map(
      async (replica) => (await browser.open(`${stack.frontends[replica]}/contacts`, { follow: false })).status,
    ),
  );

async function always<T>(runs: number, drawn: fc.Arbitrary<T>, check: (browser: Browser, drawn: T) => Promise<void>) {
  const lane = (browser: Browser, index: number) => {
    const property = fc.asyncProperty(drawn, (each) => check(browser, each));
    return fc.assert(property, { seed: SEED + index, numRuns: Math.ceil(runs / LANES), endOnFailure: true });
  };
  const lanes = await Promise.allSettled(browsers.map(lane));
  for (const result of lanes) if (result.status === 'rejected') throw result.reason;
}

const replicas = fc.array(fc.nat(1), { minLength: 1, maxLength: 5 });
const fates = fc.array(fc.constantFrom<Fate>('well', 'lost', 'answer lost', 'unavailable', 'answer garbled'), {
  maxLength: 4,
});
const race = fc.record({ replicas, fates, shortLived: fc.nat(3) });

describe('refreshing with two frontends and two providers, on a network that loses requests and answers', () => {
  it('signs nobody out, and goes on with one chain (design §3, §4)', async () => {
    await always(120, race, async (browser, { replicas, fates, shortLived }) => {
      const grant = await newSession(browser);
      stack.proxy.expose(grant, fates, shortLived);
      const during = await openTabs(browser, replicas);
      expect(during.filter((status) => status !== 200 && status !== 503)).toEqual([]);
      stack.proxy.expose(grant, [], 0);
      expect(await openTabs(browser, [0, 1])).toEqual([200, 200]);
      expect(await stack.stateOf(grant)).toEqual({ live: true, recorded: 0 });
    });
  }, 180_000);

  it('ends for a thief and the person when both go on, whoever comes second (RFC 9700 §4.14.2)', async () => {
    await always(42, race, async (browser, { replicas, fates }) => {
      const grant = await newSession(browser);
      const stolen = stack.proxy.refreshTokenOf(grant);
      // Every token is due at once, so that each page uses the newest refresh token.
      stack.proxy.expose(grant, fates, 100);
      const [next = stolen] = await Promise.all([stack.steal(stolen), openTabs(browser, replicas)]);
      stack.proxy.expose(grant, [], 100);
      for (const goOn of [() => openTabs(browser, [0]), () => stack.steal(next), () => openTabs(browser, [1])]) {
        await stack.pass(grant);
        await goOn();
      }
      expect(await openTabs(browser, [0, 1])).toEqual([303, 303]);
      expect(await stack.stateOf(grant)).toEqual({ live: false, recorded: 1 });
    });
  }, 180_000);
});
