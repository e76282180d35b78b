import { Browser, demoUsers, testDatabase } from '@trefoil/testing';
import { authorizationUrl } from '../testing/authorization-url.js';
import { DEMO, type ProviderUnderTest, startProvider } from '../testing/provider-under-test.js';

let provider: ProviderUnderTest;
let browser: Browser;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());
beforeEach(() => {
  browser = new Browser({ stopAt: DEMO.frontend });
});

describe('the start page', () => {
  it('explains what this server is and links to discovery', async () => {
    const page = await browser.open(`${provider.url}/`);
    expect(page.title).toMatch('This is where you sign in');
    expect((await page.click('/.well-known/openid-configuration')).json()).toHaveProperty('issuer', provider.url);
  });

  it('lets a signed-in person sign out', async () => {
    const login = await browser.open(authorizationUrl(provider.url));
    await login.submit('#login', demoUsers.alice);
    const page = await browser.open(`${provider.url}/`);
    expect((await page.submit('form[action="/end-session"]')).text).toMatch('You are signed out');
    expect((await browser.open(`${provider.url}/`)).text).not.toMatch('alice');
  });
});

describe('every page', () => {
  it('runs no script, cannot be framed, and sends no referrer', async () => {
    const { headers } = await browser.open(authorizationUrl(provider.url));
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toMatch(/^(no-referrer|same-origin)$/);
  });

  it('has a style sheet that browsers cache for ever', async () => {
    const page = await browser.open(`${provider.url}/`);
    const link = page.document.querySelector('link[rel=stylesheet]')?.getAttribute('href');
    const style = await browser.open(new URL(link ?? '', page.url));
    expect(style.status).toBe(200);
    expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(style.headers.get('cache-control')).toMatch('immutable');
  });

  it('that does not exist is an error page with a link', async () => {
    const page = await browser.open(`${provider.url}/login/nothing`);
    expect([page.status, page.title]).toEqual([404, expect.stringContaining('There is nothing here')]);
    expect(page.link('Go to the start page').pathname).toBe('/');
  });
});
