import { clientSubject, LoopbackIssuer, type Subject, testDatabase, tokenSubject } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Contacts } from '../contacts/contacts.js';
import { type BackendUnderTest, RESOURCE, startBackend } from '../testing/backend-under-test.js';
import { givenContacts } from '../testing/given-contacts.js';

const { jest } = import.meta;

const issuer = new LoopbackIssuer();
/** 8000 contacts of 10 kB are 80 MB; the socket buffers between two processes hold 40 MB at most. */
const MORE_THAN_BUFFERS_HOLD = 8000;

let backend: BackendUnderTest;

beforeAll(async () => {
  await issuer.start();
  issuer.users.set('alice', { name: 'Alice', email: 'alice@example.com' });
  issuer.users.set('bob', { name: 'Bob', email: 'bob@example.com' });
  backend = await startBackend(await testDatabase(), issuer);
});
afterAll(async () => {
  await backend.stop();
  await issuer.stop();
});
afterEach(async () => {
  jest.restoreAllMocks();
  issuer.requests.length = 0;
  await backend.dataSource.query('TRUNCATE contacts');
});

const give = (owner: string, count: number, notes?: string) => givenContacts(backend.dataSource, owner, count, notes);

const startExport = (signal?: AbortSignal, token = otherToken()) =>
  fetch(`${backend.url}/v1/exports/contacts`, { headers: { Authorization: `Bearer ${token}` }, signal });

/** Issues a token of a client that no test revokes. */
const otherToken = () => backend.machineToken('contacts:export', 'other-machine');

/** Waits until the server has answered another request. */
const someTime = () => backend.as('bob').get('/v1/contacts');

const linesOf = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

describe('GET /v1/exports/contacts', () => {
  it('streams the contacts of all users across several batches, each once and in order', async () => {
    await give('bob', 900);
    await give('alice', 1100);
    const batchAfter = jest.spyOn(backend.app.get(Contacts), 'batchAfter');
    const response = await startExport();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = linesOf(await response.text());
    expect(new Set(lines.map(({ id }) => id)).size).toBe(2000);
    expect(lines.map(({ owner }) => owner)).toEqual([...Array(1100).fill('alice'), ...Array(900).fill('bob')]);
    expect(lines[0]).toEqual({
      id: expect.any(String),
      name: expect.any(String),
      email: '',
      phone: '',
      company: '',
      notes: '',
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
      owner: 'alice',
      ownerName: 'Alice',
    });
    expect(batchAfter).toHaveBeenCalledTimes(21);
  });

  it('asks the directory once for each owner, with one machine token (RFC 6749 §4.4)', async () => {
    await give('alice', 600);
    await give('bob', 600);
    await (await startExport()).text();
    await (await startExport()).text();
    expect(issuer.requests.filter((request) => request.startsWith('GET /api/users/')).length).toBeLessThanOrEqual(2);
    expect(issuer.requests.filter((request) => request === 'POST /token').length).toBeLessThanOrEqual(1);
  });

  it('continues without names while the directory is down', async () => {
    await give('carol', 600);
    await (await startExport()).text();
    await issuer.stop();
    await give('dave', 600);
    const lines = linesOf(await (await startExport()).text());
    await issuer.start();
    expect(lines).toHaveLength(1200);
    expect(lines.map(({ ownerName }) => ownerName)).toEqual(Array(1200).fill(null));
  });

  it('is empty when there is no contact', async () => {
    const response = await startExport();
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('reads no faster than the client, and stops when the client disconnects', async () => {
    await give('alice', MORE_THAN_BUFFERS_HOLD, 'x'.repeat(10_000));
    const batchAfter = jest.spyOn(backend.app.get(Contacts), 'batchAfter');
    const answer = new Promise<ServerResponse>((resolve) => {
      backend.app.getHttpServer().once('request', (_request: unknown, response: ServerResponse) => resolve(response));
    });
    const client = new AbortController();
    const response = await startExport(client.signal);
    expect(response.status).toBe(200);
    // The client does not read the body, so the buffers fill up and the server has to wait.
    const serverSide = await answer;
    while (!serverSide.writableNeedDrain) await someTime();
    for (let times = 0; times < 20; times++) await someTime();
    const read = batchAfter.mock.calls.length;
    expect(read).toBeLessThan(10);

    const closed = new Promise((resolve) => serverSide.once('close', resolve));
    client.abort();
    await closed;
    await someTime();
    expect(batchAfter.mock.calls.length).toBe(read);
  });

  it('is aborted when the database fails while it runs, so that the client does not take it for complete', async () => {
    await give('alice', 2000);
    const contacts = backend.app.get(Contacts);
    const batchAfter = contacts.batchAfter.bind(contacts);
    let batches = 0;
    jest.spyOn(contacts, 'batchAfter').mockImplementation((last, size) => {
      return ++batches < 3 ? batchAfter(last, size) : Promise.reject(new Error('Connection terminated'));
    });
    const response = await startExport();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it.each<[string, (jti: string) => Subject]>([
    ['its token', (jti) => tokenSubject(issuer.url, jti)],
    ['its client', () => clientSubject('marketing-sync')],
  ])('is aborted when %s is revoked while it runs, also when the client reads nothing', async (_, subjectOf) => {
    await give('alice', MORE_THAN_BUFFERS_HOLD, 'x'.repeat(10_000));
    const jti = randomUUID();
    const token = issuer.token({
      aud: RESOURCE,
      sub: 'marketing-sync',
      client_id: 'marketing-sync',
      scope: 'contacts:export',
      jti,
    });
    const [response, other] = await Promise.all([startExport(undefined, token), startExport(undefined, otherToken())]);
    expect([response.status, other.status]).toEqual([200, 200]);
    await issuer.transmitter.sendEvent(subjectOf(jti), { generation: 1 });
    await expect(response.text()).rejects.toThrow('terminated');
    expect(linesOf(await other.text())).toHaveLength(MORE_THAN_BUFFERS_HOLD);
    expect((await startExport(undefined, token)).status).toBe(401);
  });

  it('is 503 when the database fails before the first line', async () => {
    jest.spyOn(backend.app.get(Contacts), 'batchAfter').mockRejectedValue(new Error('Connection terminated'));
    const response = await startExport();
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    await response.body?.cancel();
  });
});
