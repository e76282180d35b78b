import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import { Browser, demoUsers } from '@trefoil/testing';
import { Agent, request } from 'node:http';
import pg from 'pg';
import { hostileKinds, type HostileRequest } from './flood/hostile-kinds.js';

const HOSTILE_REQUESTS = 20_000;
const SENDERS = 16;
/** The largest growth of all three databases together: far less than 1 KiB for each hostile request. */
const LARGEST_GROWTH = 16 * 1024 * 1024;

const ATTACKER = '203.0.113.66';
const OTHERS = '198.51.100.7';

let stack: Stack;
const agent = new Agent({ keepAlive: true, maxSockets: SENDERS + 4 });

beforeAll(async () => {
  const environment = { TRUSTED_PROXIES: '1', LOG_LEVEL: 'error' };
  stack = await startTemporaryStack({
    environment: { provider: environment, backend: environment, frontend: environment },
  });
}, 120_000);
afterAll(async () => {
  agent.destroy();
  await stack.stop();
});

/** Sends a request through the trusted proxy, from an address. Returns its status, 0 when the connection broke. */
function send({ url, method, body, headers }: HostileRequest, address: string): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(
      new URL(url),
      {
        method,
        agent,
        headers: { ...headers, 'x-forwarded-for': `${address}:${40_000 + Math.floor(Math.random() * 20_000)}` },
      },
      (answer) =>
        answer
          .resume()
          .on('end', () => resolve(answer.statusCode ?? 0))
          .on('error', () => resolve(0)),
    );
    sent.on('error', () => resolve(0)).end(body);
  });
}

/** Sends requests from several senders at once. Returns how often each status was answered. */
async function flood(count: number, next: (turn: number) => HostileRequest, address: string) {
  const statuses = new Map<number, number>();
  let turn = 0;
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      while (turn < count) {
        const status = await send(next(turn++), address);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    }),
  );
  return statuses;
}

/** The requests of another client. */
const goodRequests = (): readonly HostileRequest[] => [
  {
    url: `${stack.urls.provider}/token`,
    method: 'POST',
    body: 'grant_type=client_credentials',
    headers: {
      authorization: `Basic ${Buffer.from('marketing-sync:marketing-sync-demo-secret').toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
  },
  { url: `${stack.urls.provider}/jwks`, method: 'GET' },
  { url: `${stack.urls.frontend}/`, method: 'GET' },
];

/** Repeats the requests of another client until the work is done. Returns what was answered and how long each took. */
async function beside<T>(work: Promise<T>) {
  let isDone = false;
  void work.finally(() => (isDone = true)).catch(() => undefined);
  const answered: { status: number; milliseconds: number }[] = [];
  while (!isDone) {
    for (const good of goodRequests()) {
      const start = performance.now();
      const status = await send(good, OTHERS);
      answered.push({ status, milliseconds: performance.now() - start });
    }
  }
  await work;
  return answered;
}

async function databaseSize(): Promise<number> {
  const sizes = await Promise.all(
    Object.values(stack.databaseUrls).map(async (connectionString) => {
      const client = new pg.Client({ connectionString });
      await client.connect();
      const { rows } = await client.query<{ size: string }>('SELECT pg_database_size(current_database()) AS size');
      await client.end();
      return Number(rows[0]?.size);
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

it('20,000 hostile requests of every kind neither slow, limit nor fill what others use', async () => {
  const kinds = Object.entries(hostileKinds(stack));
  const benign = (): HostileRequest => ({ url: `${stack.urls.provider}/jwks`, method: 'GET' });
  const browser = new Browser({ headers: { 'x-forwarded-for': OTHERS } });
  // Everything that is loaded or created on first use is there before anything is measured.
  await Promise.all([flood(200, benign, OTHERS), beside(new Promise((resolve) => setTimeout(resolve, 500)))]);
  const normal = await beside(flood(HOSTILE_REQUESTS / 4, benign, ATTACKER));
  const sizeBefore = await databaseSize();

  const work = flood(
    HOSTILE_REQUESTS,
    (turn) => {
      const [, make] = kinds[turn % kinds.length] ?? [];
      if (!make) throw new Error('There is no kind of hostile request.');
      return make(turn);
    },
    ATTACKER,
  );
  const during = await beside(work);
  const statuses = await work;

  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);
  expect(statuses.get(429) ?? 0).toBeGreaterThan(HOSTILE_REQUESTS / 10);
  expect(new Set(during.map(({ status }) => status))).toEqual(new Set([200]));
  const longest = (of: typeof during) => Math.max(...of.map(({ milliseconds }) => milliseconds));
  // Normal is what the same client waits beside as many harmless requests.
  expect(longest(during) / Math.max(longest(normal), 20)).toBeLessThan(10);
  expect((await databaseSize()) - sizeBefore).toBeLessThan(LARGEST_GROWTH);

  const login = await browser.open(`${stack.urls.frontend}/contacts`);
  const consent = await login.submit('#login', demoUsers.alice);
  expect(consent.status).toBe(200);
}, 300_000);
