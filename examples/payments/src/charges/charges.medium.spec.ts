import { RevocationList } from '@trefoil/guards';
import { resourceServerDatabase } from '@trefoil/resource-server';
import { createServer, loadConfiguration, runMigrations } from '@trefoil/server-kit';
import { DpopKey, LoopbackIssuer, testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { configSchema } from '../config.js';
import { payments } from '../payments.js';
import { paymentsServer } from '../server.js';

const RESOURCE = 'http://localhost:3010';
const issuer = new LoopbackIssuer('payments');
const order = { customer: 'alice', amount: 1999, currency: 'EUR' };

let app: Awaited<ReturnType<typeof createServer>>;
let key: DpopKey;

beforeAll(async () => {
  await issuer.start();
  const configuration = loadConfiguration(configSchema, {
    NODE_ENV: 'test',
    PORT: '3010',
    LOG_LEVEL: 'fatal',
    PUBLIC_URL: RESOURCE,
    ISSUER: issuer.url,
    CLIENT_ID: 'payments',
    CLIENT_SECRET: 'payments-test-secret',
    USER_CLIENTS: 'frontend',
    DATABASE_URL: await testDatabase(),
  });
  await runMigrations(resourceServerDatabase(payments, configuration));
  app = await createServer(paymentsServer(configuration), configuration);
  await app.listen(0, '127.0.0.1');
  while (await app.get(RevocationList).health?.check()) await new Promise((resolve) => setImmediate(resolve));
  key = await DpopKey.generate();
});
afterAll(async () => {
  await app.close();
  await issuer.stop();
});

interface Call {
  readonly scope?: string;
  readonly client?: string;
  readonly idempotencyKey?: string;
  readonly body?: object;
  /** The way in which the token is sent. `unbound` sends a token that is not bound to a key. */
  readonly as?: 'bound' | 'bearer' | 'unbound' | 'without a proof';
}

/** Sends a request as a machine client whose token is bound to a key. */
async function post(path: string, { scope = 'charges:create', client = 'shop', as = 'bound', ...call }: Call = {}) {
  const cnf = as === 'unbound' ? undefined : { jkt: key.jkt };
  const token = issuer.token({ aud: RESOURCE, sub: client, client_id: client, scope, cnf });
  const dpop = await key.proof({ method: 'POST', url: `${RESOURCE}${path}`, accessToken: token });
  const answer = await fetch(`${await app.getUrl()}${path}`, {
    method: 'POST',
    body: call.body && JSON.stringify(call.body),
    headers: {
      authorization: `${as === 'bearer' || as === 'unbound' ? 'Bearer' : 'DPoP'} ${token}`,
      ...(as === 'bound' && { dpop }),
      ...(call.body && { 'content-type': 'application/json' }),
      ...(call.idempotencyKey !== undefined && { 'idempotency-key': call.idempotencyKey }),
    },
  });
  const { status, headers } = answer;
  return { status, headers, body: (await answer.json()) as Record<string, unknown> };
}

const charge = (call: Call = {}) => post('/v1/charges', { idempotencyKey: randomUUID(), body: order, ...call });
const countCharges = (client: string) =>
  app
    .get(DataSource)
    .query<[{ count: number }]>('SELECT count(*)::int AS count FROM charges WHERE client_id = $1', [client])
    .then(([{ count }]) => count);

describe('a charge', () => {
  it('runs once for many requests at the same time with one Idempotency-Key', async () => {
    const client = 'busy-shop';
    const idempotencyKey = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => charge({ client, idempotencyKey })));
    for (const { status } of answers) expect([201, 409]).toContain(status);
    const last = await charge({ client, idempotencyKey });
    const ids = answers.filter(({ status }) => status === 201).map(({ body }) => body.id);
    expect([last.status, last.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(new Set([...ids, last.body.id]).size).toBe(1);
    expect(await countCharges(client)).toBe(1);
  });

  it('is refused with 422 when the Idempotency-Key belongs to another charge', async () => {
    const client = 'mistaken-shop';
    const idempotencyKey = randomUUID();
    expect((await charge({ client, idempotencyKey })).status).toBe(201);
    const other = await charge({ client, idempotencyKey, body: { ...order, amount: 5 } });
    expect([other.status, other.body]).toEqual([422, expect.objectContaining({ title: 'Unprocessable Content' })]);
    expect(await countCharges(client)).toBe(1);
  });

  it('shares its Idempotency-Key with no other client', async () => {
    const idempotencyKey = randomUUID();
    const answers = [await charge({ idempotencyKey }), await charge({ idempotencyKey, client: 'another-shop' })];
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers[0]?.body.id).not.toBe(answers[1]?.body.id);
  });

  it.each([
    ['without an Idempotency-Key', { idempotencyKey: undefined }],
    ['with a negative amount', { body: { ...order, amount: -5 } }],
    ['with half a cent', { body: { ...order, amount: 0.5 } }],
    ['with an unknown member', { body: { ...order, card: '4242' } }],
  ])('is refused with 400 %s', async (_, call) => {
    const client = 'careless-shop';
    expect((await charge({ client, ...call })).status).toBe(400);
    expect(await countCharges(client)).toBe(0);
  });

  it.each<[string, NonNullable<Call['as']>]>([
    ['with the proof missing', 'without a proof'],
    ['as a bearer token, as a thief would send it', 'bearer'],
    ['that is bound to no key', 'unbound'],
  ])('is refused with 401 for a token %s (RFC 9449 §7.1)', async (_, as) => {
    const client = 'robbed-shop';
    const { status, headers } = await charge({ client, as });
    expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('error="invalid_')]);
    expect(await countCharges(client)).toBe(0);
  });
});

describe('a refund', () => {
  const refund = (id: unknown, call: Call = {}) =>
    post(`/v1/charges/${String(id)}/refund`, { scope: 'refunds:create', idempotencyKey: randomUUID(), ...call });

  it('needs another scope than a charge: 403 insufficient_scope (RFC 6750 §3.1)', async () => {
    const { body } = await charge();
    const refused = await refund(body.id, { scope: 'charges:create charges:read' });
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      403,
      expect.stringMatching(/error="insufficient_scope".*scope="refunds:create"|scope="refunds:create".*insufficient/),
    ]);
    expect((await refund(body.id)).body).toMatchObject({ id: body.id, status: 'refunded' });
  });

  it('runs once: its repetition gets the same answer, and another refund is 409', async () => {
    const { body } = await charge();
    const idempotencyKey = randomUUID();
    const answers = [await refund(body.id, { idempotencyKey }), await refund(body.id, { idempotencyKey })];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await refund(body.id)).status).toBe(409);
  });

  it('is 404 for a charge of another client', async () => {
    const { body } = await charge();
    expect((await refund(body.id, { client: 'another-shop' })).status).toBe(404);
  });
});
