import { Browser, testDatabase } from '@trefoil/testing';
import { Sessions } from '@trefoil/web-server';
import { connect, type Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

const { jest } = import.meta;

let frontend: FrontendUnderTest;
let browser: Browser;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
});
afterAll(() => frontend.stop());
beforeEach(async () => {
  browser = new Browser();
  await browser.open(`${frontend.url}/login`);
  frontend.backend.contacts.clear();
  frontend.backend.refuses = undefined;
});

const cookies = () => browser.cookies.getCookieString(frontend.url);

/** Downloads with the browser’s cookies through fetch, so that the answer can be read as a stream. */
const download = async () =>
  fetch(`${frontend.url}/contacts/download`, { headers: { Cookie: await cookies(), Accept: 'text/html' } });

/** Makes the backend send one line and keep the stream open. */
function openStream(): PassThrough {
  const lines = new PassThrough();
  lines.write('{"name":"Ada"}\n');
  const usual = frontend.backend.lines;
  frontend.backend.lines = () => ((frontend.backend.lines = usual), lines);
  return lines;
}

const closeOf = (lines: PassThrough) => new Promise((resolve) => lines.once('close', resolve));

describe('GET /contacts/download', () => {
  it('is linked from the list, and is a file with one contact per line', async () => {
    for (const name of ['Ada', 'Grace']) frontend.backend.add({ name });
    const list = await browser.open(`${frontend.url}/contacts`);
    expect(list.link('Download').pathname).toBe('/contacts/download');
    const answer = await download();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="contacts.ndjson"');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const lines = (await answer.text()).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).name)).toEqual(['Ada', 'Grace']);
  });

  it('fails when the backend’s stream breaks off, so that nobody mistakes it for complete', async () => {
    const lines = openStream();
    const answer = await download();
    expect(answer.status).toBe(200);
    lines.destroy();
    await expect(answer.text()).rejects.toThrow('terminated');
  });

  it('fails when the session ends, although the backend continues to send', async () => {
    const closed = closeOf(openStream());
    const answer = await download();
    expect(answer.status).toBe(200);
    await frontend.forgetSessions();
    await expect(answer.text()).rejects.toThrow('terminated');
    await closed;
  });

  it('closes the connection to the backend when the user cancels', async () => {
    const closed = closeOf(openStream());
    const answer = await download();
    await answer.body?.cancel();
    await closed;
  });

  it('redirects to the sign-in without a session', async () => {
    const page = await new Browser().open(`${frontend.url}/contacts/download`, { follow: false });
    expect(page.location?.pathname).toBe('/login');
  });

  it('is a 503 page while the backend is down', async () => {
    await frontend.backend.stop();
    const page = await browser.open(`${frontend.url}/contacts/download`);
    await frontend.backend.start();
    expect(page.status).toBe(503);
    expect(page.text).toContain('The contacts service cannot be reached');
  });
});

describe('a revoked access token', () => {
  it('is replaced once when its grant is still valid, and the download succeeds', async () => {
    frontend.issuer.revokeAccessTokens();
    expect((await download()).status).toBe(200);
  });

  it('ends the session when its grant was revoked too: the only refresh is refused with invalid_grant (RFC 6749 §5.2)', async () => {
    const before = await frontend.countSessions();
    frontend.issuer.revokeGrants();
    frontend.issuer.requests.length = 0;
    const page = await browser.open(`${frontend.url}/contacts`, { follow: false });
    expect(page.location?.pathname).toBe('/login');
    expect(await frontend.countSessions()).toBe(before - 1);
    expect(frontend.issuer.count('POST /token')).toBe(1);
  });
});

describe('an open download', () => {
  afterEach(() => jest.restoreAllMocks());

  /** Waits until the download has checked several times whether its session still exists. */
  async function severalChecks(count = 3): Promise<void> {
    const find = jest.spyOn(Sessions.prototype, 'find');
    while (find.mock.calls.length < count) await new Promise((resolve) => setImmediate(resolve));
  }

  it('does not count as a use of the session, so it does not keep the session alive', async () => {
    const lines = openStream();
    const answer = await download();
    await frontend.ageSessions(3600);
    const before = await frontend.lastUses();
    await severalChecks();
    expect(await frontend.lastUses()).toEqual(before);
    lines.end();
    await answer.text();
  });

  it('is one of two at most for each session: the next one is a 429 page with Retry-After (RFC 6585 §4)', async () => {
    const streams = [openStream(), openStream()];
    const answers = [await download(), await download()];
    const refused = await browser.open(`${frontend.url}/contacts/download`);
    expect([refused.status, refused.text]).toEqual([429, expect.stringContaining('Too many requests')]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);

    const other = new Browser();
    await other.open(`${frontend.url}/login`);
    expect((await other.open(`${frontend.url}/contacts/download`)).status).toBe(200);

    for (const lines of streams) lines.end();
    for (const answer of answers) await answer.text();
    expect((await browser.open(`${frontend.url}/contacts/download`)).status).toBe(200);
  });

  it('does not count when the backend refused it', async () => {
    for (let count = 0; count < 4; count++) {
      frontend.backend.refuses = [503, {}];
      expect((await browser.open(`${frontend.url}/contacts/download`)).status).toBe(503);
    }
    frontend.backend.refuses = undefined;
    expect((await download()).status).toBe(200);
  });
});

describe('a download whose reader takes nothing', () => {
  /** More than the socket buffers of two connections hold. */
  const MOST_BYTES = 200 * 1024 * 1024;
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  /** Makes the backend send lines for ever. Returns the stream and the number of bytes that were taken from it. */
  function endlessStream() {
    const line = `${JSON.stringify({ name: 'x'.repeat(10_000) })}\n`;
    const taken = { bytes: 0 };
    const lines = Readable.from(
      (function* () {
        for (;;) {
          taken.bytes += line.length;
          if (taken.bytes > MOST_BYTES) throw new Error('the lines were read without limit');
          yield line;
        }
      })(),
    );
    const usual = frontend.backend.lines;
    frontend.backend.lines = () => ((frontend.backend.lines = usual), lines);
    return { lines, taken };
  }

  /** Downloads over a connection that nobody reads. */
  async function downloadUnread(): Promise<void> {
    const socket = connect(Number(new URL(frontend.url).port), 'localhost').on('error', () => undefined);
    sockets.push(socket.pause());
    socket.write(`GET /contacts/download HTTP/1.1\r\nHost: localhost\r\nCookie: ${await cookies()}\r\n\r\n`);
  }

  async function restart(settings: Record<string, string>): Promise<void> {
    await frontend.stop();
    frontend = await FrontendUnderTest.start(await testDatabase(), settings);
    browser = new Browser();
    await browser.open(`${frontend.url}/login`);
  }

  it('is reset after DOWNLOAD_IDLE_SECONDS, and until then holds only what fits the buffers', async () => {
    await restart({ DOWNLOAD_IDLE_SECONDS: '1' });
    const { lines, taken } = endlessStream();
    const closed = new Promise((resolve) => lines.once('close', resolve));
    await downloadUnread();
    await closed;
    expect(taken.bytes).toBeLessThan(MOST_BYTES);
  });

  it('differs from one whose backend sends nothing for a while, which continues', async () => {
    const lines = openStream();
    const answer = await download();
    const checks = jest.spyOn(Sessions.prototype, 'find');
    while (checks.mock.calls.length < 6) await new Promise((resolve) => setImmediate(resolve));
    jest.restoreAllMocks();
    lines.end('{"name":"Grace"}\n');
    expect(await answer.text()).toBe('{"name":"Ada"}\n{"name":"Grace"}\n');
  });

  it('does not delay a shutdown', async () => {
    await restart({ DOWNLOAD_IDLE_SECONDS: '3600' });
    const { lines } = endlessStream();
    const begun = new Promise((resolve) => lines.once('resume', resolve));
    const closed = new Promise((resolve) => lines.once('close', resolve));
    await downloadUnread();
    await begun;
    await frontend.stopReplicas();
    await closed;
    await restart({});
  });
});
