import { Browser, testDatabase } from '@trefoil/testing';
import { PassThrough } from 'node:stream';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

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
});

/** Downloads with the browser’s cookies through fetch, so that the answer can be read as a stream. */
const download = async () =>
  fetch(`${frontend.url}/contacts/download`, {
    headers: { Cookie: await browser.cookies.getCookieString(frontend.url), Accept: 'text/html' },
  });

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
