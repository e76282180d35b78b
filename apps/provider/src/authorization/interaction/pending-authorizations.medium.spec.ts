import { randomSecret } from '@trefoil/oauth-protocol';
import { PostgresStateStore, stateStoreSchema } from '@trefoil/state-store';
import { testDatabase } from '@trefoil/testing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Pool } from 'pg';
import type { ProviderConfig } from '../../config.js';
import { ProviderAdmission } from '../../database/provider-admission.js';
import type { AuthorizationCookies } from './authorization-cookies.js';
import type { AuthorizationRequest } from './authorization-request.js';
import { type PendingAuthorization, PendingAuthorizations } from './pending-authorizations.js';

const request: AuthorizationRequest = {
  clientId: 'client',
  redirectUri: 'https://client.example/callback',
  responseMode: 'query' as const,
  scopes: ['openid'],
  resources: [],
  prompt: [],
};

const LIMITLESS = new Proxy({} as ProviderConfig, { get: () => 1000 });

let pool: Pool;
let pending: PendingAuthorizations;
/** The secrets in the browser's cookies, by the id of the authorization. */
let held: Map<string, string>;

const browser = { ip: '127.0.0.1' } as FastifyRequest;
const reply = {} as FastifyReply;

beforeAll(async () => {
  pool = new Pool({ connectionString: await testDatabase(), max: 10 });
  await pool.query(stateStoreSchema);
});
afterAll(() => pool.end());
beforeEach(() => {
  held = new Map();
  const cookies: Pick<AuthorizationCookies, 'issue' | 'read'> = {
    issue: (_request, _reply, id, _maxAge, secret = randomSecret()) => {
      held.set(id, secret);
      return secret;
    },
    read: (_request, id) => held.get(id),
  };
  const config = { SIGN_IN_LIFETIME: 600 };
  pending = new PendingAuthorizations(
    cookies as AuthorizationCookies,
    new ProviderAdmission(new PostgresStateStore(pool), LIMITLESS),
    new PostgresStateStore(pool),
    config,
  );
});

async function add(): Promise<PendingAuthorization> {
  const found = await pending.find(browser, await pending.add(browser, reply, request));
  if (found.state !== 'pending') throw new Error('the authorization is not pending');
  return found;
}

describe('PendingAuthorizations', () => {
  it('returns a pending authorization to the browser that started it', async () => {
    expect(await add()).toMatchObject({ state: 'pending', request, progress: {} });
  });

  it.each([
    ['no secret', undefined],
    ['another secret', randomSecret()],
  ])('reveals nothing to a browser with %s (RFC 9700 §4.7)', async (_, secret) => {
    const { id } = await add();
    if (secret) held.set(id, secret);
    else held.delete(id);
    expect(await pending.find(browser, id)).toEqual({ state: 'unknown' });
  });

  it('binds an unclaimed authorization to one of 30 concurrent browsers (RFC 9700 §4.7)', async () => {
    const id = await pending.addUnclaimed(browser, request);
    expect(await pending.find(browser, id)).toEqual({ state: 'unknown' });
    const claims = await Promise.all(Array.from({ length: 30 }, () => pending.claim(browser, reply, id)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await pending.find(browser, id)).toMatchObject({ state: 'pending', request, progress: {} });
  });

  it('is closed by one of 30 concurrent callers', async () => {
    const authorization = await add();
    const closed = await Promise.all(Array.from({ length: 30 }, () => pending.close(authorization)));
    expect(closed.filter(Boolean)).toHaveLength(1);
    expect(await pending.find(browser, authorization.id)).toEqual({ state: 'answered', clientId: 'client' });
  });

  it('keeps all progress that is saved at the same time', async () => {
    const authorization = await add();
    await Promise.all([
      pending.saveProgress(authorization, { signedIn: 'session' }),
      pending.saveProgress(authorization, { allowedBy: 'alice' }),
      pending.saveProgress(authorization, { denied: true }),
    ]);
    const progress = { signedIn: 'session', allowedBy: 'alice', denied: true };
    expect(await pending.find(browser, authorization.id)).toHaveProperty('progress', progress);
  });

  it('saves no progress after the response was sent', async () => {
    const authorization = await add();
    await pending.close(authorization);
    await pending.saveProgress(authorization, { denied: true });
    expect(await pending.close(authorization)).toBe(false);
  });

  it('has a different token for each form', async () => {
    const [one, other] = [await add(), await add()];
    const tokens = [
      one.formToken('a'),
      one.formToken('b'),
      one.formToken('a', 'b'),
      one.formToken('ab'),
      other.formToken('a'),
    ];
    expect(new Set(tokens)).toHaveProperty('size', tokens.length);
    expect(one.formToken('a')).toBe(tokens[0]);
  });
});
