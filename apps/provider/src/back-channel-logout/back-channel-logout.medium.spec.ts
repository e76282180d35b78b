import { testDatabase } from '@trefoil/testing';
import type { ServerResponse } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { randomBytes, randomUUID } from 'node:crypto';
import { LogoutDeliveries } from '../sessions/logout-deliveries.js';
import { LogoutDelivery } from '../sessions/logout-delivery.entity.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { SessionIds } from '../sessions/session-ids.js';
import { Session } from '../sessions/session.entity.js';
import { Sessions } from '../sessions/sessions.js';
import { type LogoutReceiver, startLogoutReceiver } from '../testing/logout-receiver.js';
import { DEMO, type ProviderUnderTest, sharedWith, startProvider } from '../testing/provider-under-test.js';
import { givenGrant, payloadOf } from '../testing/token-requests.js';
import { until } from '../testing/until.js';

let receiver: LogoutReceiver;
let databaseUrl: string;
let provider: ProviderUnderTest;

beforeAll(async () => {
  receiver = await startLogoutReceiver();
  databaseUrl = await testDatabase();
  provider = await startProvider(databaseUrl, { OUTBOUND_ALLOWED_ORIGINS: receiver.origin });
  await registerReceiver();
});
afterAll(async () => {
  await provider.stop();
  await receiver.stop();
});
beforeEach(async () => {
  receiver.received.length = 0;
  receiver.answer = (response) => response.end();
  await provider.dataSource.query('DELETE FROM logout_deliveries');
});

/** Registers the receiver for the frontend and the API documentation, each with its own path. */
async function registerReceiver(): Promise<void> {
  await provider.dataSource.query(
    `UPDATE clients SET backchannel_logout_uri = $1 || client_id,
       id_token_signed_response_alg = CASE client_id WHEN 'api-docs' THEN 'ES256' END
     WHERE client_id IN ('frontend', 'api-docs')`,
    [`${receiver.origin}/`],
  );
}

/** Creates a session in which the frontend and the given other clients have a grant. */
async function givenSession(...others: string[]): Promise<Session> {
  const { grant } = await givenGrant(provider);
  for (const clientId of others) await givenGrant(provider, { clientId, sessionId: grant.sessionId });
  return provider.dataSource.manager.findOneByOrFail(Session, { id: grant.sessionId });
}

const end = (session: Session, at = provider) => at.app.get(Sessions).end(session, {});
const sidOf = ({ id }: Session, clientId: string) => provider.app.get(SessionIds).of({ clientId }, id);
const deliveries = () => provider.dataSource.manager.find(LogoutDelivery);
const arrived = (count: number) =>
  until(() => (receiver.received.length >= count ? [...receiver.received] : undefined));
const settled = () =>
  until(async () => {
    const [delivery] = await deliveries();
    return delivery?.deliveredAt || delivery?.givenUpAt ? delivery : undefined;
  });

describe('the end of a session', () => {
  it('is sent at once to each client that took part in it, as a form (Back-Channel Logout §2.5)', async () => {
    const session = await givenSession('api-docs');
    await givenSession();
    const before = Date.now();
    await end(session);
    const received = await arrived(2);
    expect(Date.now() - before).toBeLessThan(2000);
    expect(received.map(({ path }) => path).sort()).toEqual(['/api-docs', '/frontend']);
    expect(new Set(received.map(({ type }) => type))).toEqual(new Set(['application/x-www-form-urlencoded']));
    for (const { path, logoutToken } of received) {
      expect(payloadOf(logoutToken).sid).toBe(sidOf(session, path.slice(1)));
    }
  });

  it('is sent as a logout token that is signed like the ID tokens of the client (Back-Channel Logout §2.4)', async () => {
    const session = await givenSession('api-docs');
    await end(session);
    const keys = createRemoteJWKSet(new URL(`${provider.url}/jwks`));
    for (const [clientId, algorithm] of [
      ['frontend', 'RS256'],
      ['api-docs', 'ES256'],
    ] as const) {
      const request = (await arrived(2)).find(({ path }) => path === `/${clientId}`);
      const { payload, protectedHeader } = await jwtVerify(request?.logoutToken ?? '', keys, {
        issuer: provider.url,
        audience: clientId,
        typ: 'logout+jwt',
        algorithms: [algorithm],
      });
      expect(protectedHeader).toEqual({ alg: algorithm, typ: 'logout+jwt', kid: expect.any(String) });
      expect(payload).toEqual({
        iss: provider.url,
        aud: clientId,
        iat: expect.any(Number),
        exp: expect.any(Number),
        jti: expect.any(String),
        sub: session.userId,
        sid: sidOf(session, clientId),
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      });
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(120);
    }
  });

  it('is sent once, even when the session is ended twice at the same time', async () => {
    const session = await givenSession();
    await Promise.all([end(session), end(session)]);
    await settled();
    expect(receiver.received).toHaveLength(1);
  });

  it('is sent to no client when the transaction that ends the session fails', async () => {
    const session = await givenSession();
    await provider.dataSource.query(`ALTER TABLE security_events ADD CONSTRAINT nothing CHECK (false) NOT VALID`);
    await expect(end(session)).rejects.toThrow('nothing');
    await provider.dataSource.query(`ALTER TABLE security_events DROP CONSTRAINT nothing`);
    expect(await deliveries()).toEqual([]);
  });

  it('is also sent when another user signs in with the same browser', async () => {
    const session = await givenSession();
    const [{ id: bob } = { id: '' }] = await provider.dataSource.query<{ id: string }[]>(
      `SELECT id FROM users WHERE email = 'bob@example.com'`,
    );
    await provider.app.get(Sessions).start(bob, ['pwd'], session, {});
    expect(payloadOf((await arrived(1))[0]?.logoutToken).sid).toBe(sidOf(session, 'frontend'));
  });

  it('is sent with the id of a session of an earlier version, which its clients have stored as sid', async () => {
    const { manager } = provider.dataSource;
    const session = { ...(await givenSession()), id: randomUUID(), secretHash: randomBytes(32) };
    await manager.insert(Session, session);
    await givenGrant(provider, { sessionId: session.id });
    await end(await manager.findOneByOrFail(Session, { id: session.id }));
    expect(payloadOf((await arrived(1))[0]?.logoutToken).sid).toBe(session.id);
  });
});

describe('a client that does not accept its logout token', () => {
  it('is sent another token later, with another jti (Back-Channel Logout §2.4)', async () => {
    receiver.answer = (response) => {
      receiver.answer = (next) => next.writeHead(204).end();
      response.writeHead(400).end();
    };
    await end(await givenSession());
    expect(await settled()).toMatchObject({ attempts: 2, lastError: null, givenUpAt: null });
    const [first, second] = receiver.received.map(({ logoutToken }) => payloadOf(logoutToken));
    expect(second?.sid).toBe(first?.sid);
    expect(second?.jti).not.toBe(first?.jti);
  });

  it('does not keep the session alive, and its failure is stored and counted', async () => {
    receiver.answer = (response) => response.writeHead(302, { location: '/' }).end();
    const session = await givenSession();
    await end(session);
    expect(await provider.app.get(Sessions).find(session.id)).toBeNull();
    const failed = await until(async () => (await deliveries()).find(({ lastError }) => lastError !== null));
    expect(failed).toMatchObject({ lastError: 'the response status was 302', deliveredAt: null, givenUpAt: null });
    const metrics = await (await fetch(`${provider.url}/metrics`)).text();
    expect(metrics).toMatch(/logout_deliveries_total{outcome="failed",server="provider"} [1-9]/);
    expect(metrics).toMatch(/logout_deliveries_total{outcome="delivered",server="provider"} [1-9]/);
  });

  it('is sent no more tokens after a bounded time', async () => {
    receiver.answer = (response) => response.writeHead(500).end();
    await end(await givenSession());
    await until(() => receiver.received[0]);
    await provider.dataSource.query(
      `UPDATE logout_deliveries SET created_at = now() - interval '25 hours', next_attempt_at = now()`,
    );
    expect(await settled()).toMatchObject({ deliveredAt: null, lastError: 'the response status was 500' });
  });

  it('is sent no token when it has no back-channel logout URI any more', async () => {
    const session = await givenSession();
    await provider.dataSource.query(
      `INSERT INTO logout_deliveries (id, client_id, user_id, session_id)
       VALUES (gen_random_uuid(), 'demo-cli', $1, $2)`,
      [session.userId, session.id],
    );
    expect(await settled()).toMatchObject({
      deliveredAt: null,
      lastError: 'the client accepts no logout tokens any more',
    });
  });
});

describe('a client whose endpoint is down', () => {
  const pathOf = (response: ServerResponse) => response.req.url;
  const tokensFor = (path: string) => receiver.received.filter((request) => request.path === path).length;
  const endMany = async (count: number) => {
    const sessions = await Promise.all(Array.from({ length: count }, () => givenSession()));
    await Promise.all(sessions.map((session) => end(session)));
  };

  it('has few requests at a time when it does not answer, so that the tokens of other clients are not delayed', async () => {
    const held = new Set<ServerResponse>();
    receiver.answer = (response) => (pathOf(response) === '/frontend' ? void held.add(response) : void response.end());
    await endMany(30);
    await until(() => (held.size > 0 ? true : undefined));
    await end(await givenSession('api-docs'));
    await until(() => (tokensFor('/api-docs') > 0 ? true : undefined));
    expect(held.size).toBeLessThanOrEqual(4);
    receiver.answer = (response) => response.end();
    for (const response of held) response.end();
    await until(async () => ((await deliveries()).every(({ deliveredAt }) => deliveredAt) ? true : undefined));
  });

  it('gets no more requests for a while after a failure, and all its tokens when it is back', async () => {
    receiver.answer = (response) =>
      pathOf(response) === '/frontend' ? void response.writeHead(503).end() : void response.end();
    await endMany(30);
    await until(() => (tokensFor('/frontend') > 0 ? true : undefined));
    await end(await givenSession('api-docs'));
    await until(() => (tokensFor('/api-docs') > 0 ? true : undefined));
    expect(tokensFor('/frontend')).toBeLessThan(10);
    receiver.answer = (response) => response.end();
    const isDelivered = async () =>
      (await deliveries()).every(({ deliveredAt }) => deliveredAt !== null) ? true : undefined;
    await until(isDelivered, 20);
    expect(tokensFor('/frontend')).toBeGreaterThan(30);
  });

  it('is given up with all its tokens after a bounded time, however few of them were tried', async () => {
    receiver.answer = (response) => response.writeHead(503).end();
    await endMany(10);
    await until(() => (tokensFor('/frontend') > 0 ? true : undefined));
    await provider.dataSource.query(`UPDATE logout_deliveries SET created_at = now() - interval '25 hours'`);
    await until(async () => ((await deliveries()).every(({ givenUpAt }) => givenUpAt) ? true : undefined), 20);
    expect((await deliveries()).map(({ lastError }) => lastError)).not.toContain(null);
  });
});

describe('several replicas', () => {
  it('send at once when any process ends a session, even one that is not a replica', async () => {
    const startedAt = Date.now();
    for (let ends = 1; ends <= 5; ends++) {
      const session = await givenSession();
      await provider.dataSource.transaction(async (transaction) => {
        await provider.app.get(LogoutDeliveries).schedule(session, transaction);
        const event = { type: 'session-revoked', outcome: 'success', sessionId: session.id } as const;
        await provider.app.get(SecurityEvents).record(event, transaction);
      });
      await arrived(ends);
    }
    // Polling the database every three seconds would take at least twelve seconds.
    expect(Date.now() - startedAt).toBeLessThan(8000);
  });

  it('together send each logout token once', async () => {
    const other = await startProvider(databaseUrl, {
      OUTBOUND_ALLOWED_ORIGINS: receiver.origin,
      ...sharedWith(provider),
    });
    await registerReceiver();
    const sessions = await Promise.all(Array.from({ length: 20 }, () => givenSession()));
    await Promise.all(sessions.map((session, index) => end(session, index % 2 ? provider : other)));
    await arrived(20);
    await until(async () => ((await deliveries()).every(({ deliveredAt }) => deliveredAt) ? true : undefined));
    const received = receiver.received.map(({ logoutToken }) => payloadOf(logoutToken).sid).sort();
    expect(received).toEqual(sessions.map((session) => sidOf(session, 'frontend')).sort());
    await other.stop();
  });

  it('take over the attempts of a replica that stopped', async () => {
    const session = await givenSession();
    await provider.dataSource.query(
      `INSERT INTO logout_deliveries (id, client_id, user_id, session_id, attempts)
       VALUES (gen_random_uuid(), 'frontend', $1, $2, 1)`,
      [session.userId, session.id],
    );
    expect(await settled()).toMatchObject({ attempts: 2, givenUpAt: null });
  });

  it('finish the request they are sending before they stop', async () => {
    const ending = await startProvider(await testDatabase(), { OUTBOUND_ALLOWED_ORIGINS: receiver.origin });
    await ending.dataSource.query(`UPDATE clients SET backchannel_logout_uri = $1 WHERE client_id = 'frontend'`, [
      `${receiver.origin}/slow`,
    ]);
    const { grant } = await givenGrant(ending, { redirectUri: `${DEMO.frontend}/callback` });
    const session = await ending.dataSource.manager.findOneByOrFail(Session, { id: grant.sessionId });
    let release = () => {};
    receiver.answer = (response) => (release = () => response.end());
    await end(session, ending);
    await arrived(1);
    const stopped = ending.stop();
    release();
    await stopped;
    expect(receiver.received).toHaveLength(1);
  });
});
