import { Browser, testDatabase } from '@trefoil/testing';
import { stylesheet } from '@trefoil/ui';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

let frontend: FrontendUnderTest;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
});
afterAll(() => frontend.stop());

describe('the frontend', () => {
  it.each(['/nothing-here', '/contacts/a/b/c', '/.env', '/assets/trefoil.css'])(
    'answers %s, which does not exist, with a 404 page',
    async (path) => {
      const page = await new Browser().open(`${frontend.url}${path}`);
      expect(page.status).toBe(404);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.text).toContain('There is nothing at this address.');
    },
  );

  it('answers callers that do not accept HTML with a JSON problem document', async () => {
    const answer = await fetch(`${frontend.url}/nothing-here`);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await answer.json()).toMatchObject({ status: 404, requestId: expect.any(String) });
  });

  it('refuses a form of more than 64 KiB with a 413 page', async () => {
    const browser = new Browser();
    const page = await browser.open(`${frontend.url}/contacts/new`);
    const answer = await page.submit('#save', { name: 'Ada', notes: 'x'.repeat(70_000) });
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('Too much text');
  });

  it('serves the style sheet under a path with its hash, so that caches may keep it for ever', async () => {
    const answer = await fetch(`${frontend.url}${stylesheet.path}`);
    expect(answer.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await answer.text()).toBe(stylesheet.body);
  });

  it('sends pages that run no script and cannot be framed', async () => {
    const page = await new Browser().open(frontend.url);
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.has('script, [onclick], [style]')).toBe(false);
  });

  it('is ready when its database answers', async () => {
    const answer = await fetch(`${frontend.url}/health/ready`);
    expect(await answer.json()).toEqual({ status: 'up', checks: { database: 'up' } });
  });
});
