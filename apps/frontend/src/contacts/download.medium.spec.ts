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

/** Fetches with the cookies of the browser, so that the answer can be read as it comes. */
const download = async () =>
  fetch(`${frontend.url}/contacts/download`, {
    headers: { Cookie: await browser.cookies.getCookieString(frontend.url), Accept: 'text/html' },
  });

/** Has the backend send one line, and no end. */
function openStream(): PassThrough {
  const lines = new PassThrough();
  lines.write('{"name":"Ada"}\n');
  const usual = frontend.backend.lines;
  frontend.backend.lines = () => ((frontend.backend.lines = usual), lines);
  return lines;
}

const closeOf = (lines: PassThrough) => new Promise((resolve) => lines.once('close', resolve));

describe('GET /contacts/download', () => {
  it('is offered by the list, and is a file with every contact on a line', async () => {
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

  it('breaks off when the backend does, so that nobody takes it for whole', async () => {
    const lines = openStream();
    const answer = await download();
    expect(answer.status).toBe(200);
    lines.destroy();
    await expect(answer.text()).rejects.toThrow('terminated');
  });

  it('breaks off when the session ends, though the backend goes on', async () => {
    const closed = closeOf(openStream());
    const answer = await download();
    expect(answer.status).toBe(200);
    await frontend.forgetSessions();
    await expect(answer.text()).rejects.toThrow('terminated');
    await closed;
  });

  it('lets go of the backend when the person does', async () => {
    const closed = closeOf(openStream());
    const answer = await download();
    await answer.body?.cancel();
    await closed;
  });

  it('leads to the sign-in without a session', async () => {
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

describe('a token that was revoked', () => {
  it('is replaced once when only the token was, and the download goes on', async () => {
    frontend.issuer.revokeAccessTokens();
    expect((await download()).status).toBe(200);
  });

  it('ends the session when its grant was too: the one refresh is refused with invalid_grant (RFC 6749 §5.2)', async () => {
    const before = await frontend.countSessions();
    frontend.issuer.revokeGrants();
    frontend.issuer.requests.length = 0;
    const page = await browser.open(`${frontend.url}/contacts`, { follow: false });
    expect(page.location?.pathname).toBe('/login');
    expect(await frontend.countSessions()).toBe(before - 1);
    expect(frontend.issuer.count('POST /token')).toBe(1);
  });
});
