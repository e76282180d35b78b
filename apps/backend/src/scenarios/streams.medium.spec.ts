import { LoopbackIssuer, testDatabase, tokenSubject } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import { on, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Contacts } from '../contacts/contacts.js';
import { type BackendUnderTest, RESOURCE, startBackend } from '../testing/backend-under-test.js';
import { givenContacts } from '../testing/given-contacts.js';

const { jest } = import.meta;

const issuer = new LoopbackIssuer();
/** 8000 contacts of 10 kB are 80 MB; the socket buffers between two processes hold 40 MB at most. */
const MORE_THAN_BUFFERS_HOLD = 8000;
/** The user who owns more contacts than the buffers hold. */
const OWNER = 'alice';
const EXPORT = '/v1/exports/contacts';
const LIST = '/v1/contacts';
/** A time limit that no test reaches. */
const AN_HOUR = { STREAM_IDLE_SECONDS: '3600' };

let databaseUrl: string;
let backend: BackendUnderTest;
const sockets = new Set<Socket>();

beforeAll(async () => {
  await issuer.start();
  databaseUrl = await testDatabase();
  backend = await startBackend(databaseUrl, issuer, AN_HOUR);
  await givenContacts(backend.dataSource, OWNER, MORE_THAN_BUFFERS_HOLD, 'x'.repeat(10_000));
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
});
afterAll(async () => {
  await backend.stop();
  await issuer.stop();
});

const machine = (client = 'marketing-sync') => backend.machineToken('contacts:export', client);

/** Sends requests on a connection of their own. */
function connection({ url }: BackendUnderTest, ...requests: string[]): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  sockets.add(socket.on('error', () => undefined));
  socket.write(requests.join(''));
  return socket;
}

const requestOf = (path: string, token: string, version = '1.1') =>
  `GET ${path} HTTP/${version}\r\nHost: localhost\r\nAccept: application/x-ndjson\r\nAuthorization: Bearer ${token}\r\n\r\n`;

/** Opens a stream that nobody reads. Returns the response of the server when it waits for the reader. */
async function openUnread(at: BackendUnderTest): Promise<ServerResponse> {
  const opened = new Promise<ServerResponse>((resolve) => {
    at.app.getHttpServer().once('request', (_request: unknown, response: ServerResponse) => resolve(response));
  });
  connection(at, requestOf(EXPORT, machine())).pause();
  const response = await opened;
  while (!response.writableNeedDrain && !response.closed) await someTime(at);
  return response;
}

/** Waits until the server has answered another request. */
const someTime = (at: BackendUnderTest) => fetch(`${at.url}/health/live`).then((answer) => answer.text());

const closeOf = async (response: ServerResponse): Promise<void> => {
  if (!response.closed) await once(response, 'close');
};

const open = (path: string, token: string, signal?: AbortSignal) =>
  fetch(`${backend.url}${path}`, {
    headers: { Authorization: `Bearer ${token}`, Accept: 'application/x-ndjson' },
    signal,
  });

async function statusOf(path: string, token: string): Promise<number> {
  const answer = await open(path, token);
  await answer.body?.cancel();
  return answer.status;
}

describe('a stream whose token is revoked while it runs', () => {
  it.each(['1.0', '1.1'])(
    'is reset, so that a reader of HTTP/%s does not take it for complete (RFC 9112 §6.3, §8)',
    async (version) => {
      const contacts = backend.app.get(Contacts);
      const [first] = [await contacts.batchAfter(undefined, 1)];
      // The first batch is small, and the second is read for ever.
      jest
        .spyOn(contacts, 'batchAfter')
        .mockReturnValueOnce(Promise.resolve(first))
        .mockReturnValue(new Promise(() => undefined));
      const jti = randomUUID();
      const claims = { aud: RESOURCE, sub: 'machine', client_id: 'machine', scope: 'contacts:export', jti };
      const reader = connection(backend, requestOf(EXPORT, issuer.token(claims), version));
      const ended = new Promise<string>((resolve) => {
        reader.once('end', () => resolve('closed'));
        reader.once('error', ({ code }: NodeJS.ErrnoException) => resolve(String(code)));
      });
      let received = '';
      for await (const [chunk] of on(reader, 'data')) {
        received += String(chunk);
        if (received.includes('"ownerName"')) break;
      }
      reader.resume();
      await issuer.transmitter.sendEvent(tokenSubject(issuer.url, jti));
      expect(await ended).toBe('ECONNRESET');
    },
  );
});

describe('a stream whose reader takes nothing', () => {
  it('is reset after STREAM_IDLE_SECONDS', async () => {
    const impatient = await startBackend(databaseUrl, issuer, { STREAM_IDLE_SECONDS: '1' });
    const response = await openUnread(impatient);
    await closeOf(response);
    expect(response.writableFinished).toBe(false);
    await impatient.stop();
  });

  it('does not delay a shutdown, which completes the streams that are read', async () => {
    const stopping = await startBackend(databaseUrl, issuer, AN_HOUR);
    const unread = await openUnread(stopping);
    const read = await fetch(`${stopping.url}${EXPORT}`, { headers: { Authorization: `Bearer ${machine()}` } });
    expect(read.status).toBe(200);
    const stopped = stopping.stop();
    expect((await read.text()).match(/\n/g)).toHaveLength(MORE_THAN_BUFFERS_HOLD);
    await stopped;
    await closeOf(unread);
    expect(unread.writableFinished).toBe(false);
  });
});

describe('the number of streams that one client or user has open', () => {
  it.each([
    [EXPORT, () => machine('one'), () => machine('other')],
    [LIST, () => backend.userToken(OWNER), () => backend.userToken('bob')],
  ])('is limited: %s is 429 with Retry-After beyond 4, and others are not affected', async (path, token, other) => {
    const controllers = Array.from({ length: 6 }, () => new AbortController());
    const answers = await Promise.all(controllers.map(({ signal }) => open(path, token(), signal)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 429, 429]);
    for (const answer of refused) {
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(await answer.json()).toMatchObject({ status: 429 });
    }
    expect(await statusOf(path, other())).toBe(200);
    for (const controller of controllers) controller.abort();
    await untilAdmitted(path, token());
  });

  it('does not count a stream whose connection is closed, also when its request was pipelined behind another', async () => {
    const batchAfter = jest.spyOn(backend.app.get(Contacts), 'batchAfter');
    const token = machine('pipelining');
    const pipelined = connection(backend, requestOf(EXPORT, token).repeat(4)).pause();
    while (batchAfter.mock.calls.length < 4) await someTime(backend);
    expect(await statusOf(EXPORT, token)).toBe(429);
    pipelined.destroy();
    await untilAdmitted(EXPORT, token);
  });

  it('does not count requests that were refused', async () => {
    const carol = backend.userToken('carol');
    for (let times = 0; times < 6; times++) expect(await statusOf(`${LIST}?cursor=wrong`, carol)).toBe(400);
    expect(await statusOf(LIST, carol)).toBe(200);
  });

  async function untilAdmitted(path: string, token: string): Promise<void> {
    while ((await statusOf(path, token)) === 429) await someTime(backend);
  }
});

describe('a stream that was requested with end=line', () => {
  const linesOf = async (path: string, token: string) =>
    (await (await open(path, token)).text())
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));

  beforeAll(() => givenContacts(backend.dataSource, 'dave', 250));

  it.each([
    ['the export', `${EXPORT}?end=line`, () => machine()],
    ['the list of contacts', `${LIST}?end=line`, () => backend.userToken('dave')],
    ['an empty list', `${LIST}?end=line`, () => backend.userToken('nobody')],
  ])('has a last line with the number of lines before it: %s', async (_, path, token) => {
    const lines = await linesOf(path, token());
    expect(lines.pop()).toEqual({ end: true, count: lines.length });
    for (const line of lines) expect(line).toHaveProperty('name');
  });

  it('has no such line for readers that did not ask for it', async () => {
    const lines = await linesOf(LIST, backend.userToken('dave'));
    expect(lines).toHaveLength(250);
    for (const line of lines) expect(line).toHaveProperty('name');
  });

  it('refuses any other value of end', async () => {
    const answer = await open(`${EXPORT}?end=count`, machine());
    expect(await answer.json()).toMatchObject({ status: 400, errors: [{ field: 'end' }] });
  });
});
