import { type Caller, LoopbackIssuer, sessionSubject, testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { type BackendUnderTest, RESOURCE, startBackend } from '../testing/backend-under-test.js';
import { givenContacts } from '../testing/given-contacts.js';

const issuer = new LoopbackIssuer();
/** 8000 contacts of 10 kB are 80 MB; the socket buffers between two processes hold 40 MB at most. */
const MORE_THAN_BUFFERS_HOLD = 8000;

let backend: BackendUnderTest;

beforeAll(async () => {
  await issuer.start();
  backend = await startBackend(await testDatabase(), issuer);
});
afterAll(async () => {
  await backend.stop();
  await issuer.stop();
});

/** Creates a user with contacts of these names, added in this order. */
async function userWith(...names: string[]): Promise<Caller> {
  const user = backend.as(randomUUID());
  for (const name of names) await user.post('/v1/contacts', { name });
  return user;
}

async function list(user: Caller, parameters: Record<string, string> = {}) {
  const { status, body } = await user.get(`/v1/contacts?${new URLSearchParams(parameters)}`);
  expect(status).toBe(200);
  return { names: body.items.map(({ name }: { name: string }) => name), nextCursor: body.nextCursor };
}

describe('the pages of a list', () => {
  it('contain all contacts, the newest first, and the last page has no cursor', async () => {
    const user = await userWith('1', '2', '3', '4', '5');
    const first = await list(user, { limit: '2' });
    const second = await list(user, { limit: '2', cursor: first.nextCursor });
    const third = await list(user, { limit: '2', cursor: second.nextCursor });
    expect([first.names, second.names, third.names]).toEqual([['5', '4'], ['3', '2'], ['1']]);
    expect(third.nextCursor).toBeNull();
  });

  it('end without an empty page', async () => {
    const user = await userWith('1', '2');
    expect(await list(user, { limit: '2' })).toEqual({ names: ['2', '1'], nextCursor: null });
  });

  it('show each contact once, also when contacts are added, changed and removed in between', async () => {
    const user = await userWith('1', '2', '3', '4');
    const { names, nextCursor } = await list(user, { limit: '2' });
    const { items } = (await user.get('/v1/contacts')).body;
    await user.post('/v1/contacts', { name: '5' });
    await user.patch(`/v1/contacts/${items[2].id}`, { name: '2, renamed' });
    // The contact that the cursor points to.
    await user.delete(`/v1/contacts/${items[1].id}`);
    expect([...names, ...(await list(user, { cursor: nextCursor })).names]).toEqual(['4', '3', '2, renamed', '1']);
  });

  it('show contacts that were added at the same time once each', async () => {
    const owner = randomUUID();
    await backend.dataSource.query(
      `INSERT INTO contacts (id, owner, name, email, phone, company, notes, version)
       SELECT gen_random_uuid(), $1, number, '', '', '', '', 1 FROM generate_series(1, 25) AS number`,
      [owner],
    );
    const seen = new Set<string>();
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await list(backend.as(owner), { limit: '4', ...(cursor && { cursor }) });
      for (const name of page.names) seen.add(name);
      cursor = page.nextCursor;
    }
    expect(seen.size).toBe(25);
  });

  it('have 20 contacts by default', async () => {
    const user = await userWith(...Array.from({ length: 21 }, (_, index) => `${index}`));
    expect((await list(user)).names).toHaveLength(20);
    expect((await list(user, { limit: '100' })).names).toHaveLength(21);
  });
});

describe('a search', () => {
  it('finds text in every searched field, ignoring case', async () => {
    const user = await userWith('Somebody else');
    const contact = { name: 'Zoë', email: 'ZOE@example.com', phone: '+49 30 1', company: 'Šípek', notes: 'Likes TEA' };
    await user.post('/v1/contacts', contact);
    for (const search of ['zoË', 'zoe@EXAMPLE', '49 30', 'šípek', 'tea']) {
      expect((await list(user, { search })).names).toEqual(['Zoë']);
    }
    expect((await list(user, { search: 'nobody' })).names).toEqual([]);
  });

  it.each([
    ['100%', '100 percent'],
    ['a_b', 'aXb'],
    ['a\\b', 'ab'],
    ["O'Neil", 'ONeil'],
  ])('matches %s literally', async (literal, other) => {
    const user = await userWith(literal, other);
    expect((await list(user, { search: literal })).names).toEqual([literal]);
  });

  it('applies to the following pages too', async () => {
    const user = await userWith('yes 1', 'no', 'yes 2', 'yes 3');
    const { names, nextCursor } = await list(user, { search: 'yes', limit: '2' });
    expect([...names, ...(await list(user, { search: 'yes', cursor: nextCursor })).names]).toEqual([
      'yes 3',
      'yes 2',
      'yes 1',
    ]);
  });

  it('finds all contacts when it is empty', async () => {
    const user = await userWith('1', '2');
    expect((await list(user, { search: ' ' })).names).toEqual(['2', '1']);
  });
});

describe('an invalid query', () => {
  it.each([
    ['cursor', 'cursor=MjA'],
    ['cursor', 'cursor=%00'],
    ['cursor', 'cursor='],
    [
      'cursor',
      `cursor=${Buffer.from('0000-00-00T00:00:00.000Z 00000000-0000-0000-0000-000000000000').toString('base64url')}`,
    ],
    ['limit', 'limit=0'],
    ['limit', 'limit=101'],
    ['limit', 'limit=ten'],
    ['limit', 'limit=1&limit=2'],
    ['search', 'search=%00'],
    ['search', `search=${'x'.repeat(201)}`],
    ['search', 'search=a&search=b'],
  ])('is refused, and the error names %s: %s', async (field, query) => {
    const reply = await backend.as('alice').get(`/v1/contacts?${query}`);
    expect(reply).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it.each(['search=%FF', `cursor=${'0'.repeat(44)}`, `cursor=${'f'.repeat(44)}`])(
    'is not a server error: %s',
    async (query) => {
      expect((await backend.as('alice').get(`/v1/contacts?${query}`)).status).toBe(200);
    },
  );
});

describe('the stream of all contacts', () => {
  const stream = (token: string, query = '') =>
    fetch(`${backend.url}/v1/contacts${query}`, {
      headers: { Authorization: `Bearer ${token}`, Accept: 'application/x-ndjson' },
    });
  const linesOf = (text: string) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  const tokenOf = (sub: string, sid: string) =>
    issuer.token({ aud: RESOURCE, sub, client_id: 'frontend', scope: 'contacts:read', sid });
  const give = (owner: string, count: number, notes?: string) => givenContacts(backend.dataSource, owner, count, notes);

  it('has each contact of the user once, the newest first, across several batches', async () => {
    const sub = randomUUID();
    await give(sub, 1200);
    await give(randomUUID(), 3);
    const answer = await stream(backend.userToken(sub));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    expect([answer.headers.get('cache-control'), answer.headers.get('vary')]).toEqual(['private, no-cache', 'Accept']);
    const lines = linesOf(await answer.text());
    expect(lines.map(({ name }) => Number(name))).toEqual(Array.from({ length: 1200 }, (_, index) => 1200 - index));
    expect(Object.keys(lines[0])).toEqual(expect.arrayContaining(['id', 'email', 'createdAt']));
  });

  it('can be searched like the list', async () => {
    const sub = randomUUID();
    await give(sub, 12);
    const found = await (await stream(backend.userToken(sub), '?search=12')).text();
    expect(linesOf(found)).toMatchObject([{ name: '12' }]);
  });

  it('is empty for a user without contacts', async () => {
    const answer = await stream(backend.userToken(randomUUID()));
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it('is aborted when the user’s session is revoked while it runs', async () => {
    const [sub, sid] = [randomUUID(), randomUUID()];
    await give(sub, MORE_THAN_BUFFERS_HOLD, 'x'.repeat(10_000));
    const answer = await stream(tokenOf(sub, sid));
    expect(answer.status).toBe(200);
    await issuer.transmitter.sendEvent(sessionSubject(sid));
    await expect(answer.text()).rejects.toThrow('terminated');
    expect((await stream(tokenOf(sub, sid))).status).toBe(401);
  });
});
