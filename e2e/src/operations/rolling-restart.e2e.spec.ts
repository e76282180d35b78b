import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import { Browser, demoClients, demoUsers, RelyingParty, signInAndConsent } from '@trefoil/testing';
import { Worker } from './load/worker.js';
import { ReadinessBalancer } from './rolling-restart/readiness-balancer.js';

const APPS = ['provider', 'backend', 'frontend'] as const;
const CONTACTS = 300;

const balancers = {
  provider: new ReadinessBalancer(),
  backend: new ReadinessBalancer(),
  frontend: new ReadinessBalancer(),
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

it('a rolling restart of all three apps under load fails no request', async () => {
  const client = await RelyingParty.discover({
    issuer: balancers.provider.url,
    ...demoClients.frontend,
    redirectUri: `${balancers.frontend.url}/callback`,
  });
  const signIn = () =>
    client.signIn({
      ...demoUsers.alice,
      scope: 'openid offline_access profile email account:read contacts:read contacts:write',
      parameters: { resource: balancers.backend.url },
    });
  const tokens = await signIn();
  const authorization = `Bearer ${tokens.access_token}`;
  for (let count = 0; count < CONTACTS; count++) {
    await expectOk(
      await fetch(`${balancers.backend.url}/v1/contacts`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ name: `Contact ${count}`, notes: 'x'.repeat(200) }),
      }),
    );
  }
  const browser = new Browser();
  const login = await browser.open(`${balancers.frontend.url}/contacts`);
  await signInAndConsent(login, demoUsers.bob);

  const machine = `Basic ${Buffer.from('marketing-sync:marketing-sync-demo-secret').toString('base64')}`;
  const machineToken = async () => {
    const answer = await fetch(`${balancers.provider.url}/token`, {
      method: 'POST',
      headers: { authorization: machine },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'contacts:export' }),
    });
    return (JSON.parse(await expectOk(answer)) as { access_token: string }).access_token;
  };
  let refreshToken = (await signIn()).refresh_token ?? '';
  const workers = [
    new Worker('an export', async () => {
      const answer = await fetch(`${balancers.backend.url}/v1/exports/contacts`, {
        headers: { authorization: `Bearer ${await machineToken()}` },
      });
      const lines = (await expectOk(answer)).split('\n').filter((line) => line.includes('"name":"Contact '));
      if (lines.length !== CONTACTS) throw new Error(`the export has ${lines.length} contacts`);
    }),
    new Worker('a refresh', async () => {
      const answer = await fetch(`${balancers.provider.url}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from('frontend:frontend-demo-secret').toString('base64')}`,
        },
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }),
      });
      refreshToken = (JSON.parse(await expectOk(answer)) as { refresh_token: string }).refresh_token;
    }),
    new Worker('a user request of the backend', async () => {
      await expectOk(await fetch(`${balancers.backend.url}/v1/contacts?limit=5`, { headers: { authorization } }));
    }),
    new Worker('a page that uses all three', async () => {
      const page = await browser.open(`${balancers.frontend.url}/profile`);
      // The consent page shows the address as well.
      const isProfile = page.status === 200 && page.title.includes('profile') && page.text.includes('bob@example.com');
      if (!isProfile) throw new Error(`${page.status} ${page.title}`);
    }),
  ];
  try {
    for (const app of APPS) for (const stack of stacks) await stack.restart(app);
  } finally {
    await Promise.all(workers.map((worker) => worker.stop()));
  }
  expect(workers.flatMap(({ failures }) => failures)).toEqual([]);
  for (const { rounds } of workers) expect(rounds).toBeGreaterThan(10);
}, 240_000);
