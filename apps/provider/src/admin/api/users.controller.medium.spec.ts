import { testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { SecurityEvent } from '../../security-events/security-event.entity.js';
import { givenAdminMachineToken, givenAdminToken } from '../../testing/admin-requests.js';
import { ADMINISTRATOR, givenAccountTokens, request } from '../../testing/api-requests.js';
import { type ProviderUnderTest, startProvider } from '../../testing/provider-under-test.js';
import { Users } from '../../users/users.js';

const PATH = '/api/admin/users';
const ALICE = 'a11ce000-0000-4000-8000-000000000001';
const PASSWORD = 'correct horse battery';

let provider: ProviderUnderTest;
let token: string;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
  token = await givenAdminToken(provider);
});
afterAll(() => provider.stop());

const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  request(provider, path, {
    method,
    token,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
  });
const newEmail = () => `${randomUUID()}@example.com`;
const create = async (members: object = {}) =>
  (await send('POST', PATH, { email: newEmail(), password: PASSWORD, ...members })).body;

describe('the users of the admin API', () => {
  it('are created with their id and claims, read, changed and deleted', async () => {
    const sub = randomUUID();
    const content = { sub, email: newEmail(), name: 'Carol', address: { country: 'DE' }, email_verified: false };
    const created = await send('POST', PATH, { ...content, password: PASSWORD });
    expect([created.status, created.body]).toEqual([
      201,
      { ...content, administrator: false, disabled_at: null, created_at: expect.any(String) },
    ]);
    expect(created.headers.get('location')).toBe(`${PATH}/${sub}`);
    expect(await provider.app.get(Users).authenticate(content.email, PASSWORD)).toMatchObject({ id: sub });

    const read = await send('GET', `${PATH}/${sub}`);
    expect([read.status, read.body]).toEqual([200, created.body]);
    expect(read.headers.get('etag')).toBe(created.headers.get('etag'));

    const changed = await send('PATCH', `${PATH}/${sub}`, { address: null, nickname: 'C', administrator: true });
    expect(changed.body).toMatchObject({ nickname: 'C', administrator: true, name: 'Carol' });
    expect(changed.body).not.toHaveProperty('address');

    expect((await send('DELETE', `${PATH}/${sub}`)).status).toBe(204);
    expect((await send('GET', `${PATH}/${sub}`)).status).toBe(404);
    const events = await provider.dataSource.manager.findBy(SecurityEvent, { userId: sub });
    expect(events.map(({ actor }) => actor)).toEqual(events.map(() => ADMINISTRATOR));
  });

  it('are listed page by page in the order of their e-mail addresses', async () => {
    await Promise.all([create(), create(), create()]);
    const emails: string[] = [];
    let cursor = '';
    do {
      const { body } = await send('GET', `${PATH}?limit=2${cursor && `&cursor=${cursor}`}`);
      emails.push(...body.items.map(({ email }: { email: string }) => email));
      cursor = body.nextCursor ?? '';
    } while (cursor);
    const rows = await provider.dataSource.query<{ email: string }[]>('SELECT email FROM users ORDER BY email');
    expect(emails).toEqual(rows.map(({ email }) => email));
    expect(JSON.stringify((await send('GET', PATH)).body)).not.toMatch(/password|hash/);
  });

  it('are found by a part of their e-mail address or name, in any case', async () => {
    const { email } = await create({ name: 'Ottilie von Waldheim' });
    const found = async (search: string) =>
      (await send('GET', `${PATH}?search=${encodeURIComponent(search)}`)).body.items.map(
        (user: { email: string }) => user.email,
      );
    expect(await found('VON waldheim')).toEqual([email]);
    expect(await found(email.slice(3).toUpperCase())).toEqual([email]);
    expect(await found('%')).toEqual([]);
    expect((await send('GET', `${PATH}?search=%00`)).status).toBe(400);
  });

  it('get a generated password, which only the answer shows, when none is given', async () => {
    const email = newEmail();
    const { body } = await send('POST', PATH, { email });
    expect(await provider.app.get(Users).authenticate(email, body.password)).toBeDefined();
    expect((await send('GET', `${PATH}/${body.sub}`)).body).not.toHaveProperty('password');
  });

  it('get a new password, given or generated, and are signed out', async () => {
    const { sub, email } = await create();
    const { accessToken } = await givenAccountTokens(provider, undefined, { userId: sub });
    const set = await send('POST', `${PATH}/${sub}/password`, { password: 'another long password' });
    expect([set.status, set.body.sub, set.body.password]).toEqual([200, sub, undefined]);
    expect((await request(provider, '/userinfo', { token: accessToken })).status).toBe(401);
    const { body } = await send('POST', `${PATH}/${sub}/password`);
    expect(await provider.app.get(Users).authenticate(email, body.password)).toBeDefined();
  });

  it('are disabled and enabled', async () => {
    const { sub } = await create();
    const disabled = await send('POST', `${PATH}/${sub}/disable`);
    expect([disabled.status, disabled.body.disabled_at]).toEqual([200, expect.any(String)]);
    expect((await send('POST', `${PATH}/${sub}/enable`)).body.disabled_at).toBeNull();
  });

  it('are changed by a machine too, which is the actor of the event', async () => {
    const { sub } = await create();
    const machine = await givenAdminMachineToken(provider);
    const headers = { 'content-type': 'application/merge-patch+json' };
    const body = JSON.stringify({ name: 'By a machine' });
    const { status } = await request(provider, `${PATH}/${sub}`, { method: 'PATCH', token: machine, body, headers });
    expect(status).toBe(200);
    const [event] = await provider.dataSource.manager.findBy(SecurityEvent, { userId: sub, type: 'account-changed' });
    expect(event).toMatchObject({ actor: 'client marketing-sync', details: { fields: 'name' } });
  });
});

describe('a refused request about users', () => {
  it.each([
    ['email', 400, { email: 'nobody' }],
    ['email', 409, { email: 'alice@example.com' }],
    ['sub', 400, { sub: '7' }],
    ['sub', 409, { sub: ALICE }],
    ['password', 400, { password: 'weak' }],
    ['birthdate', 400, { birthdate: 'May' }],
    ['phone_number_verified', 400, { phone_number_verified: true }],
    ['hobby', 400, { hobby: 'chess' }],
  ])('names the member %s, with status %i (RFC 9457)', async (field, status, members) => {
    const answer = await send('POST', PATH, { email: newEmail(), password: PASSWORD, ...members });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body.errors).toMatchObject([{ field }]);
  });

  it.each([
    ['PATCH', '', { administrator: false }],
    ['DELETE', '', undefined],
    ['POST', '/disable', undefined],
  ])('leaves the only enabled administrator: %s %s is answered with 409', async (method, path, body) => {
    await provider.dataSource.query(`UPDATE users SET administrator = email = 'admin@example.com'`);
    const { status, body: problem } = await send(method, `${PATH}/${ADMINISTRATOR}${path}`, body);
    expect([status, problem.detail]).toEqual([409, expect.stringContaining('This is the only enabled administrator.')]);
    expect((await send('GET', `${PATH}/${ADMINISTRATOR}`)).body).toMatchObject({
      administrator: true,
      disabled_at: null,
    });
  });

  it('is answered with 412 when the user has changed since (RFC 9110 §13.1.1)', async () => {
    const { sub } = await create();
    const etag = (await send('GET', `${PATH}/${sub}`)).headers.get('etag') ?? '';
    expect((await send('PATCH', `${PATH}/${sub}`, { name: 'First' }, { 'if-match': etag })).status).toBe(200);
    expect((await send('PATCH', `${PATH}/${sub}`, { name: 'Second' }, { 'if-match': etag })).status).toBe(412);
    expect((await send('DELETE', `${PATH}/${sub}`, undefined, { 'if-match': etag })).status).toBe(412);
    expect((await send('GET', `${PATH}/${sub}`)).body.name).toBe('First');
  });

  it.each([
    ['GET', '', undefined],
    ['PATCH', '', {}],
    ['DELETE', '', undefined],
    ['POST', '/password', {}],
    ['POST', '/disable', undefined],
    ['POST', '/enable', undefined],
  ])('is answered with 404 when there is no such user: %s %s', async (method, path, body) => {
    for (const id of [randomUUID(), 'nobody@example.com']) {
      expect((await send(method, `${PATH}/${id}${path}`, body)).status).toBe(404);
    }
  });
});
