import { Housekeeping } from '@trefoil/server-kit';
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

const ada = { name: 'Ada', email: 'ada@example.com' };
const withKey = (key: string) => ({ 'Idempotency-Key': key });
const someUser = () => backend.as(randomUUID());
const countOf = async (user: Caller): Promise<number> => (await user.get('/v1/contacts')).body.items.length;

describe('Idempotency-Key', () => {
  it('gives a retry the same answer with Idempotency-Replayed, and adds nothing', async () => {
    const user = someUser();
    const first = await user.post('/v1/contacts', ada, withKey('k1'));
    const retry = await user.post('/v1/contacts', { email: ' ada@example.com'.trim(), name: 'Ada ' }, withKey('k1'));
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(retry.headers.get('idempotency-replayed')).toBe('true');
    for (const name of ['location', 'etag', 'content-type'])
      expect(retry.headers.get(name)).toBe(first.headers.get(name));
    expect([retry.status, retry.body]).toEqual([201, first.body]);
    expect(await countOf(user)).toBe(1);
  });

  it('gives a retry the same answer after the contact has changed', async () => {
    const user = someUser();
    const first = await user.post('/v1/contacts', ada, withKey('k1'));
    await user.patch(`/v1/contacts/${first.body.id}`, { name: 'changed' });
    expect((await user.post('/v1/contacts', ada, withKey('k1'))).body).toEqual(first.body);
  });

  it('is refused with 422 when it comes with another body', async () => {
    const user = someUser();
    await user.post('/v1/contacts', ada, withKey('k1'));
    const reply = await user.post('/v1/contacts', { ...ada, name: 'Eva' }, withKey('k1'));
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ field: 'Idempotency-Key' }] } });
    expect(await countOf(user)).toBe(1);
  });

  it('is refused with 409 while the first request is running', async () => {
    const sub = randomUUID();
    const runner = backend.dataSource.createQueryRunner();
    await runner.startTransaction();
    const name = JSON.stringify([sub, 'frontend', 'k1']);
    await runner.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
    const reply = await backend.as(sub).post('/v1/contacts', ada, withKey('k1'));
    expect(reply).toMatchObject({ status: 409, body: { status: 409 } });
    expect(reply.headers.get('retry-after')).toBe('1');
    // The first request crashes, which undoes its work and releases its lock.
    await runner.rollbackTransaction();
    await runner.release();
    expect((await backend.as(sub).post('/v1/contacts', ada, withKey('k1'))).status).toBe(201);
  });

  it('lets exactly one of 50 parallel requests run', async () => {
    const user = someUser();
    const inParallel = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 50 }, work));
    // Opens all connections to the database, so that the requests run in parallel.
    await inParallel(() => user.get('/v1/contacts'));
    for (const round of [1, 2, 3]) {
      const replies = await inParallel(() => user.post('/v1/contacts', ada, withKey(`k${round}`)));
      const created = replies.filter(({ status }) => status === 201);
      expect(replies.filter(({ status }) => status === 409)).toHaveLength(50 - created.length);
      expect(created.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1);
      expect(new Set(created.map(({ body }) => body.id)).size).toBe(1);
      expect(await countOf(user)).toBe(round);
    }
  });

  it('stores neither the contact nor the answer when one of them cannot be stored', async () => {
    const user = someUser();
    await backend.dataSource.query('ALTER TABLE stored_answers ADD CONSTRAINT full_disk CHECK (false) NOT VALID');
    expect((await user.post('/v1/contacts', ada, withKey('k1'))).status).toBe(500);
    await backend.dataSource.query('ALTER TABLE stored_answers DROP CONSTRAINT full_disk');
    expect(await countOf(user)).toBe(0);
    expect((await user.post('/v1/contacts', ada, withKey('k1'))).headers.has('idempotency-replayed')).toBe(false);
  });

  it('is valid for one user and one client', async () => {
    const sub = randomUUID();
    const other = backend.as(sub, backend.userToken(sub, 'contacts:write', 'api-docs'));
    const ids = [];
    for (const caller of [backend.as(sub), other, someUser()]) {
      ids.push((await caller.post('/v1/contacts', ada, withKey('shared'))).body.id);
    }
    expect(new Set(ids).size).toBe(3);
  });

  it('can be used again after 24 hours, and expired answers are deleted', async () => {
    const user = someUser();
    const first = await user.post('/v1/contacts', ada, withKey('k1'));
    await user.post('/v1/contacts', ada, withKey('k2'));
    const [{ hours }] = await backend.dataSource.query(
      'SELECT extract(epoch FROM max(expires_at) - now()) / 3600 AS hours FROM stored_answers',
    );
    expect(Number(hours)).toBeCloseTo(24, 1);
    await backend.dataSource.query("UPDATE stored_answers SET expires_at = now() - interval '1 second'");
    const second = await user.post('/v1/contacts', ada, withKey('k1'));
    expect(second.headers.has('idempotency-replayed')).toBe(false);
    expect(second.body.id).not.toBe(first.body.id);
    await backend.app.get(Housekeeping).round();
    expect(await backend.dataSource.query('SELECT key FROM stored_answers')).toEqual([{ key: 'k1' }]);
  });

  it.each(['', 'a b', 'x'.repeat(256)])('%j is refused, and the error names the header', async (key) => {
    const reply = await someUser().post('/v1/contacts', ada, withKey(key));
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ field: 'Idempotency-Key' }] } });
  });
});
