import { Browser, testDatabase } from '@trefoil/testing';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

let frontend: FrontendUnderTest;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
});
afterAll(() => frontend.stop());
beforeEach(() => {
  frontend.backend.refuses = undefined;
});

describe('the profile', () => {
  it('shows every claim that is set and the number of contacts', async () => {
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

  it('is a 503 page while the backend is down, and works when the backend is back', async () => {
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
  ])('shows no internal details when the backend answers with %i', async (status, words) => {
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
