import { testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { SecurityEvent } from '../../security-events/security-event.entity.js';
import { Sessions } from '../../sessions/sessions.js';
import { givenAccountTokens, request } from '../../testing/api-requests.js';
import { claimsOfPoll, drain, givenStream, poll } from '../../testing/event-stream-requests.js';
import { type LogoutReceiver, startLogoutReceiver } from '../../testing/logout-receiver.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { givenClient } from '../../testing/test-clients.js';
import { FRONTEND, givenGrant, payloadOf, post } from '../../testing/token-requests.js';
import { until } from '../../testing/until.js';
import { type User } from '../user.entity.js';
import { Users } from '../users.js';
import { UserAdministration } from './user-administration.js';
import { UserInput, UserPatch } from './user-input.js';
import { UserPasswords } from './user-passwords.js';
import { UserRemoval } from './user-removal.js';

const PASSWORD = 'correct horse battery';
const ORIGIN = { actor: 'a test' };

let receiver: LogoutReceiver;
let provider: ProviderUnderTest;
let users: UserAdministration;

beforeAll(async () => {
  receiver = await startLogoutReceiver();
  provider = await startProvider(await testDatabase(), { OUTBOUND_ALLOWED_ORIGINS: receiver.origin });
  users = provider.app.get(UserAdministration);
});
afterAll(async () => {
  await provider.stop();
  await receiver.stop();
});

const newEmail = () => `${randomUUID()}@example.com`;
const givenUser = async (members: object = {}): Promise<User> =>
  (await users.create(UserInput.parse({ email: newEmail(), password: PASSWORD, ...members }), ORIGIN)).user;
const update = (id: string, patch: object) => users.update(id, UserPatch.parse(patch), ORIGIN);
const eventsOf = (userId: string) =>
  provider.dataSource.manager.find(SecurityEvent, { where: { userId }, order: { id: 'ASC' } });

describe('a user whom an administrator registers', () => {
  it('has the given id and claims, and signs in with the given password', async () => {
    const sub = randomUUID();
    const claims = {
      name: 'Carol',
      phone_number: '+49 30 5550',
      phone_number_verified: true,
      address: { country: 'DE' },
    };
    const user = await givenUser({ sub: sub.toUpperCase(), email: ' Carol@Example.com ', ...claims });
    expect(user).toMatchObject({ id: sub, email: 'carol@example.com', emailVerified: true, claims });
    expect(await provider.app.get(Users).authenticate('carol@example.com', PASSWORD)).toMatchObject({ id: sub });
  });

  it('gets a password that is returned once when none is given', async () => {
    const { user, password = '' } = await users.create(UserInput.parse({ email: newEmail() }), ORIGIN);
    expect(password).toMatch(/^[\w-]{43}$/);
    expect(await provider.app.get(Users).authenticate(user.email, password)).toBeDefined();
  });

  it.each([
    ['email', { email: 'alice@example.com' }, 'conflict'],
    ['sub', { sub: 'a11ce000-0000-4000-8000-000000000001' }, 'conflict'],
    ['password', { password: 'too short' }, 'invalid'],
    ['phone_number_verified', { phone_number_verified: true }, 'invalid'],
  ])('is refused with the name of the member: %s', async (field, members, reason) => {
    await expect(givenUser(members)).rejects.toMatchObject({ reason, field });
  });

  it.each([{ email: 'nobody' }, { sub: '7' }, { name: 7 }, { birthdate: 'May' }, { hobby: 'chess' }])(
    'is refused by its schema: %j',
    (members) => {
      expect(UserInput.safeParse({ email: newEmail(), ...members }).success).toBe(false);
    },
  );
});

describe('a change of a user', () => {
  it('sets, removes and keeps members, and records their names but not their values (RFC 7396)', async () => {
    const { id } = await givenUser({ name: 'Dave', nickname: 'D', gender: 'male' });
    const email = newEmail();
    const changed = await update(id, { email, nickname: null, given_name: 'David' });
    expect(changed).toMatchObject({ email, emailVerified: true });
    expect(changed.claims).toEqual({ name: 'Dave', gender: 'male', given_name: 'David' });
    expect(await eventsOf(id)).toMatchObject([
      { type: 'user-created' },
      { type: 'account-changed', actor: 'a test', details: { fields: 'email given_name nickname' } },
    ]);
  });

  it('to the e-mail address of another user is refused, also when both change at the same time', async () => {
    const [first, second] = [await givenUser(), await givenUser()];
    await expect(update(first.id, { email: second.email })).rejects.toMatchObject({
      reason: 'conflict',
      field: 'email',
    });
    const email = newEmail();
    const results = await Promise.allSettled([update(first.id, { email }), update(second.id, { email })]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results).toContainEqual(expect.objectContaining({ reason: expect.objectContaining({ field: 'email' }) }));
  });

  it('of the administrator right is an event of its own', async () => {
    const { id } = await givenUser();
    await update(id, { administrator: true });
    await update(id, { administrator: true });
    await update(id, { administrator: false });
    const types = (await eventsOf(id)).map(({ type }) => type);
    expect(types).toEqual(['user-created', 'administrator-added', 'administrator-removed']);
  });

  it('of a user who does not exist is refused', async () => {
    await expect(update(randomUUID(), { name: 'Nobody' })).rejects.toMatchObject({ reason: 'not-found' });
  });
});

describe('a new password', () => {
  it('ends the sessions and grants of the user, and replaces the old password', async () => {
    const { id, email } = await givenUser();
    const { accessToken, refreshToken, grant } = await givenAccountTokens(provider, undefined, { userId: id });
    await provider.app.get(UserPasswords).set(id, 'another long password', ORIGIN);
    expect(await provider.app.get(Users).authenticate(email, PASSWORD)).toBeUndefined();
    expect(await provider.app.get(Users).authenticate(email, 'another long password')).toBeDefined();
    expect((await request(provider, '/userinfo', { token: accessToken })).status).toBe(401);
    const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken };
    expect((await post(provider, '/token', refresh, FRONTEND)).body.error).toBe('invalid_grant');
    expect(await provider.app.get(Sessions).find(grant.sessionId)).toBeNull();
    const types = (await eventsOf(id)).filter(({ actor }) => actor).map(({ type }) => type);
    expect(types).toEqual(['user-created', 'user-password-set', 'grant-revoked']);
  });

  it('is generated when none is given, and refused when it is weak', async () => {
    const { id, email } = await givenUser();
    const { password = '' } = await provider.app.get(UserPasswords).set(id, undefined, ORIGIN);
    expect(await provider.app.get(Users).authenticate(email, password)).toBeDefined();
    const weak = provider.app.get(UserPasswords).set(id, 'weak', ORIGIN);
    await expect(weak).rejects.toMatchObject({ reason: 'invalid', field: 'password' });
  });
});

describe('the deletion of a user', () => {
  const remove = (id: string) => provider.app.get(UserRemoval).remove(id, ORIGIN);

  it('ends their tokens, and removes everything about them except security events with their id', async () => {
    const { id, email } = await givenUser({ name: 'Erin Example' });
    const { accessToken, refreshToken } = await givenAccountTokens(provider, undefined, { userId: id });
    await remove(id);
    expect((await request(provider, '/userinfo', { token: accessToken })).status).toBe(401);
    const refresh = { grant_type: 'refresh_token', refresh_token: refreshToken };
    expect((await post(provider, '/token', refresh, FRONTEND)).body.error).toBe('invalid_grant');
    for (const table of ['sessions', 'consents', 'grants']) {
      expect(await provider.dataSource.query(`SELECT FROM ${table} WHERE user_id = $1`, [id])).toEqual([]);
    }
    const events = await eventsOf(id);
    expect(events.map(({ type }) => type).slice(-2)).toEqual(['user-deleted', 'grant-revoked']);
    expect(JSON.stringify(events)).not.toMatch(new RegExp(`${email}|Erin`));
    await expect(users.find(email)).rejects.toMatchObject({ reason: 'not-found' });
    await expect(remove(id)).rejects.toMatchObject({ reason: 'not-found' });
  });

  it('is told to the clients of their sessions (OpenID Connect Back-Channel Logout §2.5)', async () => {
    const client = await givenClient(provider, { backchannelLogoutUri: `${receiver.origin}/` });
    const { id } = await givenUser();
    await givenGrant(provider, { userId: id, clientId: client.clientId });
    await remove(id);
    const received = await until(() => receiver.received.find(({ logoutToken }) => payloadOf(logoutToken).sub === id));
    expect(payloadOf(received.logoutToken)).toMatchObject({ aud: client.clientId, sid: expect.any(String) });
  });

  it('is told to resource servers and to the clients that they used (CAEP 1.0 §3.1, RISC 1.0 §2.2)', async () => {
    const options = { grantTypes: ['client_credentials'], scopes: ['ssf.manage'] };
    const [client, stranger] = [await givenClient(provider, options), await givenClient(provider, options)];
    const { id } = await givenUser();
    const streams = [
      { stream: await givenStream(provider), clientId: 'backend', hears: true },
      { stream: await givenStream(provider, {}, client.authorization), clientId: client.clientId, hears: true },
      { stream: await givenStream(provider, {}, stranger.authorization), clientId: stranger.clientId, hears: false },
    ];
    for (const { stream, clientId } of streams) await drain(provider, stream, clientId);
    await givenGrant(provider, { userId: id, clientId: client.clientId });
    await remove(id);
    for (const { stream, clientId, hears } of streams) {
      const claims = await claimsOfPoll(provider, await poll(provider, stream), clientId);
      const types = claims
        .filter(({ sub_id }) => sub_id.sub === id)
        .flatMap(({ events }) => Object.keys(events).map((uri) => uri.split('/').pop()));
      expect(types.sort()).toEqual(hears ? ['account-purged', 'session-revoked'] : []);
    }
  });
});
