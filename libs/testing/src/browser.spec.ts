import { Browser } from './browser.js';
import { closeServers, echo, type Echoed, type Handler, html, redirect, serve } from './testing/loopback-server.js';

afterEach(closeServers);

describe('Browser', () => {
  it('follows redirects and records every hop', async () => {
    const origin = await serve({
      'GET /a': redirect(302, '/b?x=1'),
      'GET /b': redirect(303, '/c'),
      'GET /c': html('end'),
    });
    const page = await new Browser().open(`${origin}/a`);
    expect(page.url.pathname).toBe('/c');
    expect(page.hops.map(({ status }) => status)).toEqual([302, 303, 200]);
  });

  it('stops before an address that it must not visit', async () => {
    const origin = await serve({ 'GET /a': redirect(302, 'http://localhost:1/callback?code=1') });
    const page = await new Browser({ stopAt: 'http://localhost:1/callback' }).open(`${origin}/a`);
    expect(page.status).toBe(302);
    expect(page.location?.searchParams.get('code')).toBe('1');
  });

  it('stops after 20 redirects', async () => {
    const origin = await serve({ 'GET /a': redirect(302, '/a') });
    await expect(new Browser().open(`${origin}/a`)).rejects.toThrow('More than 20 redirects');
  });

  it('submits the fields of a form, the values that were typed, and the pressed button', async () => {
    const origin = await serve({
      'GET /form': html(`
        <form id="f" method="post" action="send?q=1">
          <input type="hidden" name="csrf" value="a&amp;b">
          <input name="name" value="before">
          <input type="checkbox" name="remember" checked>
          <input type="checkbox" name="news" value="yes">
          <input name="off" value="x" disabled>
          <input value="nameless">
          <textarea name="notes">
first</textarea>
          <select name="kind"><option value="1">One</option><option value="2" selected>Two</option></select>
          <button name="do" value="save">Save</button>
          <button id="other" name="do" value="drop">Drop</button>
        </form>
        <input form="f" name="outside" value="in">`),
      'POST /send': echo,
    });
    const page = await new Browser().open(`${origin}/form`);

    const saved = (await page.submit('#f', { name: 'Zoë', news: true, remember: false })).json<Echoed>();
    expect(saved.url).toBe('/send?q=1');
    expect(saved.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect([...new URLSearchParams(saved.body)]).toEqual([
      ['csrf', 'a&b'],
      ['name', 'Zoë'],
      ['news', 'yes'],
      ['notes', 'first'],
      ['kind', '2'],
      ['outside', 'in'],
      ['do', 'save'],
    ]);

    const dropped = (await page.submit('#other')).json<Echoed>();
    expect(new URLSearchParams(dropped.body).getAll('do')).toEqual(['drop']);
  });

  it('sends the fields of a GET form in the query', async () => {
    const origin = await serve({
      'GET /form': html('<form action="/find?old=1"><input name="q"></form>'),
      'GET /find': echo,
    });
    const page = await new Browser().open(`${origin}/form`);
    expect((await page.submit('form', { q: 'a b' })).json<Echoed>().url).toBe('/find?q=a+b');
  });

  it('refuses to fill in a field that the form does not have', async () => {
    const origin = await serve({ 'GET /form': html('<form><input name="q"></form>') });
    const page = await new Browser().open(`${origin}/form`);
    await expect(page.submit('form', { p: 'x' })).rejects.toThrow('no field named "p"; it has: q');
  });

  it('follows a link by its text', async () => {
    const origin = await serve({
      'GET /': html('<p>Hello <a href="/next"> Go <b>on</b></a></p>'),
      'GET /next': html('there'),
    });
    const page = await new Browser().open(origin);
    expect(page.text).toBe('Hello Go on');
    expect((await page.click('Go on')).text).toBe('there');
    await expect(page.click('Go away')).rejects.toThrow('has no link "Go away". It has: Go on');
  });

  it('shares cookies between ports, but not between hosts', async () => {
    const set: Handler = (_request, response) => response.writeHead(200, { 'set-cookie': 'a=1; HttpOnly' }).end();
    const first = await serve({ 'GET /': set });
    const second = await serve({ 'GET /': echo });
    const browser = new Browser();
    await browser.open(first);
    expect(await browser.cookie('a', first)).toBe('1');
    expect((await browser.open(second)).json<Echoed>().headers.cookie).toBe('a=1');
    const otherHost = second.replace('localhost', '127.0.0.1');
    expect((await browser.open(otherHost)).json<Echoed>().headers.cookie).toBeUndefined();
  });

  it('sends no SameSite=Lax cookies with a form of another site', async () => {
    const set: Handler = (_request, response) => response.writeHead(200, { 'set-cookie': 'a=1; SameSite=Lax' }).end();
    const target = await serve({ 'GET /': set, 'GET /echo': echo, 'POST /echo': echo });
    const attacker = await serve(
      { 'GET /': html(`<a href="${target}/echo">Look</a><form method="post" action="${target}/echo"></form>`) },
      '127.0.0.1',
    );
    const browser = new Browser();
    await browser.open(target);
    const trap = await browser.open(attacker);
    expect((await trap.click('Look')).json<Echoed>().headers.cookie).toBe('a=1');
    const { headers } = (await trap.submit('form')).json<Echoed>();
    expect(headers.cookie).toBeUndefined();
    expect(headers).toMatchObject({ origin: attacker, 'sec-fetch-site': 'cross-site' });
  });

  it.each([
    ['strict-origin-when-cross-origin', true],
    ['same-origin', true],
    ['no-referrer', false],
  ])('sends its origin to the same origin under Referrer-Policy %s: %s (Fetch §3.2)', async (policy, isNamed) => {
    const origin = await serve({
      'GET /': html('<form method="post" action="/echo"></form>', { 'referrer-policy': policy }),
      'POST /echo': echo,
    });
    const page = await new Browser().open(origin);
    const { headers } = (await page.submit('form')).json<Echoed>();
    expect(headers['sec-fetch-site']).toBe('same-origin');
    expect(headers.origin).toBe(isNamed ? origin : 'null');
  });

  it('finds every token that it received, also when encoded, except the code in the redirect to the client', async () => {
    const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9';
    const origin = await serve({
      'GET /': (_request, response) =>
        response.writeHead(302, { location: '/callback?code=tfc_0123456789', 'set-cookie': `at=${jwt}` }).end(),
      'GET /callback': html('<a href="/x?t=tfr%5F0123456789012345678901">x</a>'),
    });
    const browser = new Browser();
    await browser.open(origin);
    expect(browser.receivedTokens()).toEqual([
      { url: `${origin}/`, where: 'set-cookie', token: jwt },
      { url: `${origin}/callback?code=tfc_0123456789`, where: 'body', token: 'tfr_0123456789012345678901' },
    ]);
  });
});
