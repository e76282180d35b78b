import { Browser, signInAndConsent } from '@trefoil/testing';
import { AppLoad, expectNoFailure, untilMoreRounds } from './load/app-load.js';
import { repeatingInterrupted } from './load/journey.js';
import { Worker } from './load/worker.js';
import { APPS, BalancedApps } from './rolling-restart/balanced-apps.js';

const apps = new BalancedApps();
const load = new AppLoad(() => apps.urls, 300);

beforeAll(async () => {
  await apps.start();
  await apps.addReplicas();
  await load.createContacts();
}, 300_000);
afterAll(() => apps.stop());

it('a rolling restart of all three apps under load fails no request', async () => {
  await expectNoFailure(await load.startWorkers(), async () => {
    for (const stack of apps.stacks) await Promise.all(APPS.map((app) => stack.restart(app)));
  });
}, 240_000);

it('no journey fails when each replica is killed in turn under load, behind a plain TCP balancer', async () => {
  for (const app of APPS) apps.balancers[app].becomePlainTcp();
  // The first requests may still use connections that the balancers have just closed.
  const workers = await repeatingInterrupted(() => load.startWorkers(repeatingInterrupted))();
  // A person who has begun to sign in when a replica is killed begins anew.
  const newcomers = new Worker(
    'a sign-in',
    repeatingInterrupted(async () => {
      const page = await signInAndConsent(await new Browser().open(`${apps.urls.frontend}/contacts`));
      if (page.status !== 200 || page.url.pathname !== '/contacts') throw new Error(`${page.status} ${page.title}`);
    }),
  );
  await expectNoFailure([...workers, newcomers], async () => {
    for (const stack of apps.stacks) {
      const restarts: Promise<void>[] = [];
      for (const app of APPS) {
        await stack.kill(app);
        await untilMoreRounds([...workers, newcomers], 2);
        restarts.push(stack.restart(app));
      }
      await Promise.all(restarts);
    }
  });
}, 240_000);
