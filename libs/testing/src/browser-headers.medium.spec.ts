import { Browser } from './browser.js';
import { describeWithChromium } from './chromium.js';
import { closeServers, echo, type Echoed, type Handler, html, serve } from './testing/loopback-server.js';

afterEach(closeServers);

const compared = ['origin', 'referer', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest', 'cookie', 'content-type'];
const comparedHeaders = ({ headers }: Echoed) => Object.fromEntries(compared.map((name) => [name, headers[name]]));

// The tests without JavaScript are only reliable when Browser behaves like a real browser.
describeWithChromium('Browser sends the same headers as Chromium', (newPage) => {
  const policies = ['', 'no-referrer', 'same-origin'];
  const places = ['the page itself', 'another port', 'another site'] as const;

  it.each(policies.flatMap((policy) => places.map((place) => [policy, place] as const)))(
    'from a page with Referrer-Policy "%s" to %s',
    async (policy, place) => {
      const setCookies: Handler = (_request, response) =>
        response.writeHead(200, { 'set-cookie': ['lax=1; SameSite=Lax', 'strict=1; SameSite=Strict'] }).end();
      const routes = { 'GET /cookies': setCookies, 'GET /echo': echo, 'POST /echo': echo };
      const other = await serve(routes, place === 'another site' ? '127.0.0.1' : 'localhost');
      const target = place === 'the page itself' ? '' : other;
      const forms = html(
        `<a href="${target}/echo">go</a>
         <form id="post" method="post" action="${target}/echo"><input name="a" value="1"><button id="send">send</button></form>
         <form id="get" action="${target}/echo"><button id="find">find</button></form>`,
        policy ? { 'referrer-policy': policy } : {},
      );
      const origin = await serve({ ...routes, 'GET /': forms });

      const browser = new Browser();
      const chromium = await newPage();
      for (const url of [`${origin}/cookies`, `${other}/cookies`]) {
        await browser.open(url);
        await chromium.goto(url);
      }
      for (const [selector, act] of [
        ['a', () => browser.open(origin).then((page) => page.click('go'))],
        ['#send', () => browser.open(origin).then((page) => page.submit('#send'))],
        ['#find', () => browser.open(origin).then((page) => page.submit('#find'))],
      ] as const) {
        await chromium.goto(origin);
        await chromium.click(selector);
        await chromium.waitForURL(/\/echo/);
        const expected = JSON.parse(await chromium.innerText('body')) as Echoed;
        expect([selector, comparedHeaders((await act()).json<Echoed>())]).toEqual([
          selector,
          comparedHeaders(expected),
        ]);
      }
      await chromium.context().close();
    },
  );

  it('when the user types the address', async () => {
    const origin = await serve({ 'GET /': echo });
    const chromium = await newPage();
    await chromium.goto(origin);
    const expected = JSON.parse(await chromium.innerText('body')) as Echoed;
    expect(comparedHeaders((await new Browser().open(origin)).json<Echoed>())).toEqual(comparedHeaders(expected));
  });
});
