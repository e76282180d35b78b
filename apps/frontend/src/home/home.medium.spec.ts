import { Browser, testDatabase } from '@trefoil/testing';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

let frontend: FrontendUnderTest;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
});
afterAll(() => frontend.stop());

describe('the start page', () => {
  it('shows the diagram, the sign-in button and the demo accounts', async () => {
    const page = await new Browser().open(frontend.url);
    expect(page.status).toBe(200);
    expect(page.has('.flow svg')).toBe(true);
    expect(page.text).toContain('alice@example.com');
    expect((await page.click('Sign in')).text).toContain('Welcome, Alice Example');
  });

  it('links to the profile and the contacts for a signed-in user', async () => {
    const browser = new Browser();
    const page = await browser.open(`${frontend.url}/login`);
    expect([page.link('Open your profile').pathname, page.link('Open your contacts').pathname]).toEqual([
      '/profile',
      '/contacts',
    ]);
  });

  it('lists no demo account in production', async () => {
    const production = await FrontendUnderTest.start(await testDatabase(), { NODE_ENV: 'production' });
    const page = await new Browser().open(production.url);
    await production.stop();
    expect(page.status).toBe(200);
    expect(page.body).not.toContain('demo-password');
  });
});
