import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import { Browser, demoClients, demoUsers, RelyingParty, signInAndConsent } from '@trefoil/testing';
import { setTimeout as wait } from 'node:timers/promises';
import { repeatingBroken } from './load/journey.js';
import { Worker } from './load/worker.js';
import { Balancer } from './rolling-restart/balancer.js';

const APPS = ['provider', 'backend', 'frontend'] as const;
const CONTACTS = 300;

const balancers = {
  provider: new Balancer(),
  backend: new Balancer(),
  frontend: new Balancer(),
};
const stacks: Stack[] = [];

beforeAll(async () => {
  await Promise.all(APPS.map((app) => balancers[app].start()));
  const { provider, backend, frontend } = balancers;
  // Longer than the balancer takes to notice on a busy machine: it asks every 50 ms, and waits a second for each answer.
  const common = { ISSUER: provider.url, SHUTDOWN_DELAY: '3' };
  const environment = {
    provider: {
      ...common,
      OUTBOUND_ALLOWED_ORIGINS: frontend.url,
      DEMO_FRONTEND_URL: frontend.url,
      DEMO_BACKEND_URL: backend.url,
    },
    backend: { ...common, PUBLIC_URL: backend.url },
    frontend: { ...common, PUBLIC_URL: frontend.url, BACKEND_URL: backend.url },
  };
  // The balancer reads requests, so the servers authenticate with secrets. They repeat a discovery that fails until the balancer knows the first provider.
  const first = await startTemporaryStack({ environment, clientCertificates: false });
  stacks.push(first);
  for (const app of APPS) balancers[app].add(first.urls[app]);
  const withoutPort = Object.fromEntries(
    APPS.map((app) => [app, Object.fromEntries(Object.entries(first.environments[app]).filter(([n]) => n !== 'PORT'))]),
  );
  const second = await startTemporaryStack({ environment: withoutPort, clientCertificates: false });
  stacks.push(second);
  for (const app of APPS) balancers[app].add(second.urls[app]);
}, 240_000);

afterAll(async () => {
  await Promise.all(stacks.map((stack) => stack.stop()));
  await Promise.all(APPS.map((app) => balancers[app].stop()));
});

async function expectOk(answer: Response): Promise<string> {
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${body.slice(0, 200)}`);
  return body;
}

const client = () =>
  RelyingParty.discover({
    issuer: balancers.provider.url,
    ...demoClients.frontend,
    redirectUri: `${balancers.frontend.url}/callback`,
  });

async function signIn() {
  return (await client()).signIn({
    ...demoUsers.alice,
    scope: 'openid offline_access profile email account:read contacts:read contacts:write',
    parameters: { resource: balancers.backend.url },
  });
}

/** Sends a request to the token endpoint with the secret of a client of the demo. */
async function requestTokens(
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
  parameters: Record<string, string>,
) {
  const answer = await fetch(`${balancers.provider.url}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams(parameters),
  });
  return JSON.parse(await expectOk(answer)) as { access_token: string; refresh_token: string };
}

type Work = () => Promise<void>;

/** Starts the work of a machine client, of an API client with a refresh token, of a user request, and of a signed-in browser. */
async function startWorkers(wrap: (work: Work) => Work = (work) => work): Promise<Worker[]> {
  const [{ access_token }, { refresh_token = '' }] = [await signIn(), await signIn()];
  const browser = new Browser();
  await signInAndConsent(await browser.open(`${balancers.frontend.url}/contacts`), demoUsers.bob);
  let refreshToken = refresh_token;
  const work: Record<string, Work> = {
    'an export': async () => {
      const machine = { grant_type: 'client_credentials', scope: 'contacts:export' };
      const { access_token: token } = await requestTokens(demoClients.marketingSync, machine);
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${balancers.backend.url}/v1/exports/contacts`, { headers });
      const lines = (await expectOk(answer)).split('\n').filter((line) => line.includes('"name":"Contact '));
      if (lines.length !== CONTACTS) throw new Error(`the export has ${lines.length} contacts`);
    },
    'a refresh': async () => {
      const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken };
      refreshToken = (await requestTokens(demoClients.frontend, refresh)).refresh_token;
    },
    'a user request of the backend': async () => {
      const headers = { authorization: `Bearer ${access_token}` };
      await expectOk(await fetch(`${balancers.backend.url}/v1/contacts?limit=5`, { headers }));
    },
    'a page that uses all three': async () => {
      const page = await browser.open(`${balancers.frontend.url}/profile`);
      // The consent page shows the address as well.
      const isProfile = page.status === 200 && page.title.includes('profile') && page.text.includes('bob@example.com');
      if (!isProfile) throw new Error(`${page.status} ${page.title}`);
    },
  };
  return Object.entries(work).map(([name, each]) => new Worker(name, wrap(each)));
}

async function expectNoFailure(workers: Worker[], disturb: () => Promise<void>): Promise<void> {
  try {
    await disturb();
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
  expect(workers.flatMap(({ failures }) => failures)).toEqual([]);
  for (const { rounds } of workers) expect(rounds).toBeGreaterThan(10);
}

/** Waits until each worker has completed some more rounds. */
async function untilMoreRounds(workers: Worker[], count: number): Promise<void> {
  const targets = workers.map(({ rounds }) => rounds + count);
  while (workers.some(({ rounds }, index) => rounds < (targets[index] ?? 0))) await wait(10);
}

beforeAll(async () => {
  const { access_token } = await signIn();
  const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' };
  for (let count = 0; count < CONTACTS; count++) {
    const body = JSON.stringify({ name: `Contact ${count}`, notes: 'x'.repeat(200) });
    await expectOk(await fetch(`${balancers.backend.url}/v1/contacts`, { method: 'POST', headers, body }));
  }
}, 60_000);

it('a rolling restart of all three apps under load fails no request', async () => {
  await expectNoFailure(await startWorkers(), async () => {
    for (const stack of stacks) await Promise.all(APPS.map((app) => stack.restart(app)));
  });
}, 240_000);

it('no journey fails when each replica is killed in turn under load, behind a plain TCP balancer', async () => {
  for (const app of APPS) balancers[app].becomePlainTcp();
  // The first requests may still use connections that the balancers have just closed.
  const workers = await repeatingBroken(() => startWorkers(repeatingBroken))();
  // A person who has begun to sign in when a replica is killed begins anew.
  const newcomers = new Worker(
    'a sign-in',
    repeatingBroken(async () => {
      const page = await signInAndConsent(await new Browser().open(`${balancers.frontend.url}/contacts`));
      if (page.status !== 200 || page.url.pathname !== '/contacts') throw new Error(`${page.status} ${page.title}`);
    }),
  );
  await expectNoFailure([...workers, newcomers], async () => {
    for (const stack of stacks) {
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
