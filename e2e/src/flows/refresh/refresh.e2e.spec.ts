import { Browser, signInAndConsent } from '@trefoil/testing';
import fc from 'fast-check';
import type { Fault } from './lossy-proxy.js';
import { ReplicatedStack } from './replicated-stack.js';

const SEED = 20261103;
/** How many browsers run at the same time. */
const BROWSERS = 6;

let stack: ReplicatedStack;
let browsers: Browser[];

beforeAll(async () => {
  stack = await ReplicatedStack.start();
  browsers = await Promise.all(Array.from({ length: BROWSERS }, signedInBrowser));
}, 180_000);
afterAll(() => stack.stop());

async function signedInBrowser(): Promise<Browser> {
  const browser = new Browser();
  await signInAndConsent(await browser.open(`${stack.frontends[0]}/login`));
  return browser;
}

let previousSignIn = Promise.resolve('');

/** Starts a new session at the frontend with an access token that expires at once, and returns the ID of its grant. */
function newSession(browser: Browser): Promise<string> {
  // Sign-ins run one after the other, because the proxy only knows the grant of the most recent one.
  previousSignIn = previousSignIn.then(async () => {
    await browser.open(`${stack.frontends[0]}/login`);
    return stack.proxy.newestGrant;
  });
  return previousSignIn;
}

/** Opens a page that needs an access token in several tabs at once, and returns the status codes. */
const openTabs = (browser: Browser, replicas: readonly number[]): Promise<number[]> =>
  Promise.all(
    replicas.map(
      async (replica) => (await browser.open(`${stack.frontends[replica]}/contacts`, { follow: false })).status,
    ),
  );

/** Checks a property in all browsers at the same time. */
async function always<T>(runs: number, drawn: fc.Arbitrary<T>, check: (browser: Browser, drawn: T) => Promise<void>) {
  const checkIn = (browser: Browser, index: number) => {
    const property = fc.asyncProperty(drawn, (each) => check(browser, each));
    return fc.assert(property, { seed: SEED + index, numRuns: Math.ceil(runs / BROWSERS), endOnFailure: true });
  };
  const results = await Promise.allSettled(browsers.map(checkIn));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

const replicas = fc.array(fc.nat(1), { minLength: 1, maxLength: 5 });
const faults = fc.array(
  fc.constantFrom<Fault>('none', 'request lost', 'response lost', 'unavailable', 'response malformed'),
  {
    maxLength: 4,
  },
);
const race = fc.record({ replicas, faults, shortLived: fc.nat(3) });

describe('refreshing with two frontends and two providers, on a network that loses requests and responses', () => {
  it('keeps every user signed in, with one chain of refresh tokens', async () => {
    await always(120, race, async (browser, { replicas, faults, shortLived }) => {
      const grant = await newSession(browser);
      stack.proxy.setFaults(grant, faults, shortLived);
      const during = await openTabs(browser, replicas);
      expect(during.filter((status) => status !== 200 && status !== 503)).toEqual([]);
      stack.proxy.setFaults(grant, [], 0);
      expect(await openTabs(browser, [0, 1])).toEqual([200, 200]);
      expect(await stack.stateOf(grant)).toEqual({ live: true, recorded: 0 });
    });
  }, 180_000);

  it('revokes the grant when the user and a thief both continue the chain, in any order (RFC 9700 §4.14.2)', async () => {
    await always(42, race, async (browser, { replicas, faults }) => {
      const grant = await newSession(browser);
      const stolen = stack.proxy.refreshTokenOf(grant);
      // Every access token expires at once, so that each page uses the newest refresh token.
      stack.proxy.setFaults(grant, faults, 100);
      const [next = stolen] = await Promise.all([stack.redeemStolen(stolen), openTabs(browser, replicas)]);
      stack.proxy.setFaults(grant, [], 100);
      for (const continueChain of [
        () => openTabs(browser, [0]),
        () => stack.redeemStolen(next),
        () => openTabs(browser, [1]),
      ]) {
        await stack.endGracePeriod(grant);
        await continueChain();
      }
      expect(await openTabs(browser, [0, 1])).toEqual([303, 303]);
      expect(await stack.stateOf(grant)).toEqual({ live: false, recorded: 1 });
    });
  }, 180_000);
});
