import { testDatabase } from '@trefoil/testing';
import { decodeProtectedHeader } from 'jose';
import { randomUUID } from 'node:crypto';
import { SecurityEvents } from '../../security-events/security-events.js';
import { Revocations } from '../../issued-tokens/revocations.js';
import { SessionIds } from '../../sessions/session-ids.js';
import { Session } from '../../sessions/session.entity.js';
import { Subjects } from '../../users/subjects.js';
import {
  claimsOfPoll,
  claimsOfSet,
  drain,
  givenStream,
  type GivenStream,
  givenStreamToken,
  poll,
} from '../../testing/event-stream-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { givenClient, type TestClient } from '../../testing/test-clients.js';
import { FRONTEND, givenGrant, payloadOf, post } from '../../testing/token-requests.js';

const SESSION_REVOKED = 'https://schemas.openid.net/secevent/caep/event-type/session-revoked';

let provider: ProviderUnderTest;
let revocations: Revocations;

beforeAll(async () => {
  provider = await startProvider(await testDatabase(), { STREAMS_PER_CLIENT: '100' });
  revocations = provider.app.get(Revocations);
});
afterAll(() => provider.stop());

// Every test has its own users, clients and streams, so that it never sees or acknowledges the events of another test,
// even when that test reached its time limit and still runs.
type Claims = Awaited<ReturnType<typeof claimsOfSet>>;

const receiverOptions = { grantTypes: ['client_credentials'], scopes: ['ssf.manage'] };
/** Creates a stream of the backend, which receives the events of all users and clients. */
async function givenBackendStream(): Promise<GivenStream> {
  const stream = await givenStream(provider);
  await drain(provider, stream);
  return stream;
}
/** Creates a stream of a client that is not a resource server. */
async function givenStreamOf(client: TestClient): Promise<GivenStream> {
  const stream = await givenStream(provider, {}, client.authorization);
  await drain(provider, stream, client.clientId);
  return stream;
}
async function givenUser(): Promise<string> {
  const id = randomUUID();
  await provider.dataSource.query(`INSERT INTO users (id, email, password_hash) VALUES ($1, $1::uuid::text, '')`, [id]);
  return id;
}
const sessionOf = (id: string) => provider.dataSource.manager.findOneByOrFail(Session, { id });
/** Returns whether a token names a user, by itself or among other members. */
const names =
  (userId: string) =>
  ({ sub_id }: Claims): boolean =>
    [sub_id.sub, sub_id.user?.sub].includes(userId);

describe('a security event token', () => {
  it('has a type that distinguishes it from other JWTs, and a signature (RFC 8417 §2.3, SSF 1.0 §4.1)', async () => {
    const stream = await givenBackendStream();
    const { grant } = await givenGrant(provider, { userId: await givenUser() });
    await revocations.revokeGrant(grant, { requestId: 'the-request' });
    const sets = Object.entries<string>((await poll(provider, stream)).body.sets);
    const received = await Promise.all(
      sets.map(async ([jti, set]) => ({ jti, set, claims: await claimsOfSet(provider, set) })),
    );
    const [own, ...more] = received.filter(({ claims }) => names(grant.userId)(claims));
    expect(more).toEqual([]);
    const { jti, set } = own ?? { jti: '', set: '' };
    expect(decodeProtectedHeader(set)).toEqual({ alg: 'RS256', typ: 'secevent+jwt', kid: expect.any(String) });
    const claims = (await claimsOfPoll(provider, await poll(provider, stream))).find(names(grant.userId));
    expect(claims).toEqual({
      iss: provider.url,
      aud: 'backend',
      iat: expect.any(Number),
      jti,
      txn: 'the-request',
      sub_id: {
        format: 'complex',
        user: { format: 'iss_sub', iss: provider.url, sub: grant.userId },
        application: { format: 'opaque', id: 'frontend' },
        grant: { format: 'opaque', id: grant.id },
      },
      events: { [SESSION_REVOKED]: expect.objectContaining({ initiating_entity: 'user' }) },
    });
  });

  it('is issued for each revoked subject, with the same txn for all of one request (SSF 1.0 §4.1.9)', async () => {
    const stream = await givenBackendStream();
    const userId = await givenUser();
    const { grant } = await givenGrant(provider, { userId });
    const { sessionId } = grant;
    const second = await givenGrant(provider, { userId, sessionId, scopes: ['openid', 'offline_access'] });
    await revocations.revokeUserTokens(userId, { requestId: 'all-at-once', actor: 'admin' });
    const received = (await drain(provider, stream)).filter(names(userId));
    const subjects = received.map(({ sub_id }) => sub_id);
    expect(subjects).toContainEqual({ format: 'iss_sub', iss: provider.url, sub: grant.userId });
    expect(subjects.map((subject) => subject.grant?.id)).toEqual(expect.arrayContaining([grant.id, second.grant.id]));
    expect(new Set(received.map(({ txn }) => txn))).toEqual(new Set(['all-at-once']));
    expect(new Set(received.map(({ jti }) => jti)).size).toBe(received.length);
    expect(received.map(({ events }) => events[SESSION_REVOKED].initiating_entity)).toEqual(
      received.map(() => 'admin'),
    );
    expect(received.map(({ events }) => Object.keys(events))).toEqual(received.map(() => [SESSION_REVOKED]));
  });

  it('names the audiences and the expiry of a revoked token: those of tokens exchanged for it included (RFC 8693)', async () => {
    const stream = await givenBackendStream();
    const userId = await givenUser();
    const { redemption } = await givenGrant(provider, { userId, scopes: ['openid', 'contacts:read'] });
    const token = (await post(provider, '/token', redemption, FRONTEND)).body.access_token;
    await post(provider, '/revoke', { token }, FRONTEND);
    const { aud, exp, jti } = payloadOf(token);
    const [event] = (await drain(provider, stream)).filter(({ sub_id }) => sub_id.jti === jti);
    expect(event?.events[SESSION_REVOKED]).toMatchObject({
      token_audience: [aud, `${provider.url}/api`],
      token_expires_at: exp,
    });
  });

  it('contains the generation of a client whose tokens were revoked', async () => {
    const stream = await givenBackendStream();
    const { clientId } = await givenClient(provider);
    await revocations.revokeClientTokens(clientId, {});
    await revocations.revokeClientTokens(clientId, {});
    const received = (await drain(provider, stream)).filter(({ sub_id }) => sub_id.application?.id === clientId);
    expect(received.map(({ sub_id }) => sub_id)).toEqual(
      [1, 2].map(() => ({ format: 'complex', application: { format: 'opaque', id: clientId } })),
    );
    expect(received.map(({ events }) => events[SESSION_REVOKED].generation)).toEqual([1, 2]);
  });

  it('is issued for each event type of one event: a disabled user is account-disabled and session-revoked', async () => {
    const stream = await givenBackendStream();
    const { grant } = await givenGrant(provider, { userId: await givenUser() });
    await provider.app
      .get(SecurityEvents)
      .record({ type: 'user-disabled', outcome: 'success', userId: grant.userId, requestId: 'r' });
    const received = (await drain(provider, stream)).filter(names(grant.userId));
    expect(received.map(({ events }) => Object.keys(events)[0]?.split('/').at(-1)).sort()).toEqual([
      'account-disabled',
      'session-revoked',
    ]);
  });
});

describe('a receiver that is not a resource server', () => {
  it('receives the events of its own grants and tokens only', async () => {
    const client = await givenClient(provider, receiverOptions);
    const stream = await givenStreamOf(client);
    const stranger = await givenClient(provider);
    const own = await givenGrant(provider, { userId: await givenUser(), clientId: client.clientId });
    const others = await givenGrant(provider, { userId: await givenUser() });
    for (const { grant } of [others, own]) await revocations.revokeGrant(grant, {});
    for (const { clientId } of [stranger, client]) await revocations.revokeClientTokens(clientId, {});
    // This also revoked the receiver's own token.
    const token = await givenStreamToken(provider, client.authorization);
    const received = await drain(provider, { ...stream, token }, client.clientId);
    expect(received.map(({ sub_id }) => sub_id.application.id)).toEqual([client.clientId, client.clientId]);
    expect(received.map(({ sub_id }) => sub_id.grant?.id)).toEqual([own.grant.id, undefined]);
  });

  it('receives the events of the sessions that it took part in only', async () => {
    const client = await givenClient(provider, receiverOptions);
    const stream = await givenStreamOf(client);
    const own = await givenGrant(provider, { userId: await givenUser(), clientId: client.clientId });
    const others = await givenGrant(provider, { userId: await givenUser() });
    for (const { grant } of [others, own]) await revocations.revokeSession(await sessionOf(grant.sessionId), {});
    const received = await drain(provider, stream, client.clientId);
    const sid = provider.app.get(SessionIds).of(client, own.grant.sessionId);
    expect(received.map(({ sub_id }) => sub_id.session?.id ?? sub_id.grant.id)).toEqual([sid, own.grant.id]);
  });

  it('receives the events of its own users, with the subjects that it knows (OpenID Connect Core §8)', async () => {
    const client = await givenClient(provider, { ...receiverOptions, subjectType: 'pairwise' });
    const stranger = await givenClient(provider, receiverOptions);
    const [stream, strangers] = [await givenStreamOf(client), await givenStreamOf(stranger)];
    const { grant } = await givenGrant(provider, { userId: await givenUser(), clientId: client.clientId });
    await revocations.revokeUserTokens(grant.userId, {});
    const received = await drain(provider, stream, client.clientId);
    const sub = provider.app.get(Subjects).of(client.row, grant.userId);
    const user = { format: 'iss_sub', iss: provider.url, sub };
    expect(received.map(({ sub_id }) => sub_id)).toEqual([
      user,
      {
        format: 'complex',
        user,
        application: { format: 'opaque', id: client.clientId },
        grant: { format: 'opaque', id: grant.id },
      },
    ]);
    expect(JSON.stringify(received)).not.toContain(grant.userId);
    expect(await drain(provider, strangers, stranger.clientId)).toEqual([]);
  });
});
