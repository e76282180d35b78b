import { Browser, testDatabase } from '@trefoil/testing';
import { stylesheet } from '@trefoil/ui';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

let frontend: FrontendUnderTest;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
});
afterAll(() => frontend.stop());
beforeEach(() => {
  frontend.backend.refuses = undefined;
});

describe('the start page', () => {
  it('shows what the visitor is about to see, the way in, and the accounts to try', async () => {
    const page = await new Browser().open(frontend.url);
    expect(page.status).toBe(200);
    expect(page.has('.flow svg')).toBe(true);
    expect(page.text).toContain('alice@example.com');
    expect((await page.click('Sign in')).text).toContain('Welcome, Alice Example');
  });

  it('leads who is signed in to the profile and the contacts', async () => {
    const browser = new Browser();
    const page = await browser.open(`${frontend.url}/login`);
    expect([page.link('Open your profile').pathname, page.link('Open your contacts').pathname]).toEqual([
      '/profile',
      '/contacts',
    ]);
  });

  it('names no demo account in production', async () => {
    const production = await FrontendUnderTest.start(await testDatabase(), { NODE_ENV: 'production' });
    const page = await new Browser().open(production.url);
    await production.stop();
    expect(page.status).toBe(200);
    expect(page.body).not.toContain('demo-password');
  });
});

describe('the profile', () => {
  it('shows every claim that is set and how many contacts there are', async () => {
    frontend.backend.add({ name: 'Ada' });
    const page = await new Browser().open(`${frontend.url}/profile`);
    for (const text of [
      'alice@example.com (verified)',
      'Alice Example',
      '+1 (425) 555-1212 (not verified)',
      '1 Clover Lane',
    ]) {
      expect(page.text).toContain(text);
    }
    expect(page.text).toContain('You have 1 contact.');
    expect(page.text).not.toContain('Nickname');
    expect(page.text).toContain('How this got here');
  });

  it('says plainly what cannot be done while the backend is down, and goes on when it is back', async () => {
    const browser = new Browser();
    await browser.open(`${frontend.url}/login`);
    await frontend.backend.stop();
    const page = await browser.open(`${frontend.url}/profile`);
    await frontend.backend.start();
    expect([page.status, page.headers.get('retry-after')]).toEqual([503, '5']);
    expect(page.text).toContain('The contacts service cannot be reached at the moment.');
    expect((await page.click('Try again')).text).toContain('alice@example.com');
  });

  it.each([
    [503, 'lacks something it needs'],
    [500, 'lacks something it needs'],
    [418, 'answered something unexpected'],
    [200, 'answered something unexpected'],
  ])('shows nothing of the inside when the backend answers %i', async (status, words) => {
    const browser = new Browser();
    await browser.open(`${frontend.url}/login`);
    frontend.backend.refuses = [status, { detail: 'at /srv/backend.ts:12' }];
    const page = await browser.open(`${frontend.url}/profile`);
    expect(page.status).toBeGreaterThanOrEqual(502);
    expect(page.text).toContain(words);
    expect(page.body).not.toContain('backend.ts');
    expect(page.text).toMatch(/quote [0-9a-f-]{36}/);
  });
});

describe('every server’s surface', () => {
  it.each(['/nothing-here', '/contacts/a/b/c', '/.env', '/assets/trefoil.css'])(
    'has a 404 page at %s',
    async (path) => {
      const page = await new Browser().open(`${frontend.url}${path}`);
      expect(page.status).toBe(404);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.text).toContain('There is nothing at this address.');
    },
  );

  it('speaks JSON to callers that do not read HTML', async () => {
    const answer = await fetch(`${frontend.url}/nothing-here`);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await answer.json()).toMatchObject({ status: 404, requestId: expect.any(String) });
  });

  it('refuses a form that is larger than 64 KiB with a 413 page', async () => {
    const browser = new Browser();
    const page = await browser.open(`${frontend.url}/contacts/new`);
    const answer = await page.submit('#save', { name: 'Ada', notes: 'x'.repeat(70_000) });
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('Too much text');
  });

  it('serves the style sheet for ever under its hashed name', async () => {
    const answer = await fetch(`${frontend.url}${stylesheet.path}`);
    expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await answer.text()).toBe(stylesheet.body);
  });

  it('runs no script and is framed by nobody', async () => {
    const page = await new Browser().open(frontend.url);
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.has('script, [onclick], [style]')).toBe(false);
  });

  it('is ready when its database is', async () => {
    const answer = await fetch(`${frontend.url}/health/ready`);
    expect(await answer.json()).toEqual({ status: 'up', checks: { database: 'up' } });
  });
});
