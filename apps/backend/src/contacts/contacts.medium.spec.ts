import { type Caller, LoopbackIssuer, testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { type BackendUnderTest, startBackend } from '../testing/backend-under-test.js';

const issuer = new LoopbackIssuer();
let backend: BackendUnderTest;

beforeAll(async () => {
  await issuer.start();
  backend = await startBackend(await testDatabase(), issuer);
});
afterAll(async () => {
  await backend.stop();
  await issuer.stop();
});

/** Creates a new user, so that tests do not share contacts. */
const someUser = () => backend.as(randomUUID());
const add = async (user: Caller, contact: object = { name: 'Ada Lovelace' }) =>
  (await user.post('/v1/contacts', contact)).body;

describe('POST /v1/contacts', () => {
  it('adds a contact and returns its Location and ETag (RFC 9110 §10.2.2, §8.8.3)', async () => {
    const user = someUser();
    const { status, headers, body } = await user.post('/v1/contacts', {
      name: ' Ada Lovelace ',
      email: 'ada@example.com',
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      phone: '',
      company: '',
      notes: '',
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: body.createdAt,
    });
    expect(headers.get('location')).toBe(`http://localhost:3002/v1/contacts/${body.id}`);
    expect(headers.get('etag')).toBe('"1"');
    expect((await user.get(`/v1/contacts/${body.id}`)).body).toEqual(body);
  });
});

describe('an invalid body', () => {
  it.each([
    ['no name', {}, 'name'],
    ['an empty name', { name: '  ' }, 'name'],
    ['a name of 201 characters', { name: 'x'.repeat(201) }, 'name'],
    ['an invalid e-mail address', { name: 'Ada', email: 'ada' }, 'email'],
    ['a NUL character, which PostgreSQL refuses', { name: 'Ada', notes: 'a\0b' }, 'notes'],
    ['a number for a text', { name: 'Ada', phone: 1 }, 'phone'],
    ['an array', [], 'body'],
  ])('is refused, and the error names the field: %s', async (_, body, field) => {
    const { status, headers, body: problem } = await someUser().post('/v1/contacts', body);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(problem).toMatchObject({ status: 400, errors: [{ field, message: expect.any(String) }] });
  });

  it('is refused in a change too', async () => {
    const user = someUser();
    const { id } = await add(user);
    for (const [patch, field] of [
      [{ name: '' }, 'name'],
      [{ company: '\0' }, 'company'],
      [{ email: null }, 'email'],
    ] as const) {
      expect(await user.patch(`/v1/contacts/${id}`, patch)).toMatchObject({
        status: 400,
        body: { errors: [{ field }] },
      });
    }
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', undefined])(
    'is refused with 415 when its type is %s instead of JSON',
    async (type) => {
      const headers: Record<string, string> = type ? { 'Content-Type': type } : {};
      const reply = await someUser().send('POST', '/v1/contacts', { headers, body: 'name=Ada' });
      expect(reply).toMatchObject({ status: 415, body: { status: 415 } });
    },
  );

  it('is refused with 400 when it is malformed or missing', async () => {
    const headers = { 'Content-Type': 'application/json' };
    expect(await someUser().send('POST', '/v1/contacts', { headers, body: '{' })).toMatchObject({ status: 400 });
    expect(await someUser().send('POST', '/v1/contacts', { headers })).toMatchObject({ status: 400 });
    expect(await someUser().send('POST', '/v1/contacts')).toMatchObject({ status: 400 });
  });

  it('is refused with 413 when it is larger than 64 KiB', async () => {
    const reply = await someUser().post('/v1/contacts', { name: 'Ada', notes: 'x'.repeat(64 * 1024) });
    expect(reply).toMatchObject({ status: 413, body: { status: 413 } });
  });
});

describe('a contact of another user', () => {
  it('is 404 to read, change and delete, and is not changed', async () => {
    const [owner, other] = [someUser(), someUser()];
    const { id, ...contact } = await add(owner);
    const path = `/v1/contacts/${id}`;
    for (const reply of [await other.get(path), await other.patch(path, { name: 'Eve' }), await other.delete(path)]) {
      expect(reply).toMatchObject({ status: 404, body: { status: 404, detail: 'You have no contact with this id.' } });
    }
    expect((await other.get('/v1/contacts')).body.items).toEqual([]);
    expect((await owner.get(path)).body).toMatchObject(contact);
  });

  it.each(['unknown', randomUUID(), '1', '%00', '..%2F', 'x'.repeat(400)])(
    'has the same answer as an id that does not exist: %s',
    async (id) => {
      const user = someUser();
      for (const reply of [
        await user.get(`/v1/contacts/${id}`),
        await user.patch(`/v1/contacts/${id}`, { name: 'Eve' }),
        await user.delete(`/v1/contacts/${id}`, { 'If-Match': '*' }),
      ]) {
        expect(reply).toMatchObject({ status: 404, body: { detail: 'You have no contact with this id.' } });
      }
    },
  );
});

describe('PATCH /v1/contacts/:id', () => {
  it('sets the members of the body and leaves the others unchanged', async () => {
    const user = someUser();
    const contact = await add(user, { name: 'Ada', email: 'ada@example.com', notes: 'a note' });
    const { status, headers, body } = await user.patch(`/v1/contacts/${contact.id}`, { name: 'Ada L.', notes: '' });
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe('"2"');
    expect(body).toEqual({ ...contact, name: 'Ada L.', notes: '', updatedAt: body.updatedAt });
    expect(Date.parse(body.updatedAt)).toBeGreaterThanOrEqual(Date.parse(contact.updatedAt));
  });

  it('changes nothing, not even the version, when the body has no known member', async () => {
    const user = someUser();
    const contact = await add(user);
    const { headers, body } = await user.patch(`/v1/contacts/${contact.id}`, { unknown: 1 });
    expect(body).toEqual(contact);
    expect(headers.get('etag')).toBe('"1"');
  });
});

describe('If-Match (RFC 9110 §13.1.1)', () => {
  it('refuses a change of an outdated version with 412', async () => {
    const user = someUser();
    const path = `/v1/contacts/${(await add(user)).id}`;
    expect((await user.patch(path, { name: 'first' }, { 'If-Match': '"1"' })).status).toBe(200);
    for (const reply of [
      await user.patch(path, { name: 'second' }, { 'If-Match': '"1"' }),
      await user.patch(path, {}, { 'If-Match': '"1"' }),
      await user.delete(path, { 'If-Match': '"1"' }),
      await user.delete(path, { 'If-Match': 'W/"2"' }),
    ]) {
      expect(reply).toMatchObject({ status: 412, body: { status: 412, title: 'Precondition Failed' } });
    }
    expect((await user.get(path)).body.name).toBe('first');
  });

  it('lets exactly one of ten parallel changes of the same version succeed', async () => {
    const user = someUser();
    const path = `/v1/contacts/${(await add(user)).id}`;
    const changes = Array.from({ length: 10 }, (_, index) =>
      user.patch(path, { name: `${index}` }, { 'If-Match': '"1"' }),
    );
    const statuses = (await Promise.all(changes)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(9);
  });

  it.each(['*', '"7", "1"'])('%s allows the change', async (tags) => {
    const user = someUser();
    const path = `/v1/contacts/${(await add(user)).id}`;
    expect((await user.patch(path, { name: 'changed' }, { 'If-Match': tags })).status).toBe(200);
    expect((await user.delete(path, { 'If-Match': '"2"' })).status).toBe(204);
  });

  it('is refused when it is malformed, and the error names the header', async () => {
    const user = someUser();
    const path = `/v1/contacts/${(await add(user)).id}`;
    const reply = await user.delete(path, { 'If-Match': '1' });
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ field: 'If-Match' }] } });
    expect((await user.get(path)).status).toBe(200);
  });
});

describe('If-None-Match (RFC 9110 §13.1.2)', () => {
  it('is answered with 304 without a body until the contact changes', async () => {
    const user = someUser();
    const path = `/v1/contacts/${(await add(user)).id}`;
    const { status, headers, body } = await user.get(path, { 'If-None-Match': '"0", W/"1"' });
    expect([status, body, headers.get('etag')]).toEqual([304, undefined, '"1"']);
    await user.patch(path, { name: 'changed' });
    expect((await user.get(path, { 'If-None-Match': '"1"' })).status).toBe(200);
  });
});

describe('a request without a body whose Content-Type is JSON', () => {
  const json = { 'Content-Type': 'application/json' };

  it('is carried out, because many clients send the header with every request', async () => {
    const user = someUser();
    const path = `/v1/contacts/${(await add(user)).id}`;
    for (const read of [path, '/v1/contacts', '/v1/profile']) {
      expect((await user.get(read, json)).status).toBe((await user.get(read)).status);
    }
    expect((await user.delete(path, json)).status).toBe(204);
    expect((await user.get(path)).status).toBe(404);
  });
});

describe('DELETE /v1/contacts/:id', () => {
  it('deletes the contact, and is 404 the second time', async () => {
    const user = someUser();
    const path = `/v1/contacts/${(await add(user)).id}`;
    expect(await user.delete(path)).toMatchObject({ status: 204, body: undefined });
    expect((await user.delete(path)).status).toBe(404);
    expect((await user.get(path)).status).toBe(404);
  });
});
