import { demoUsers, describeWithChromium, stackUrls } from '@trefoil/testing';
import type { Page } from 'playwright-core';

const OVERFLOW = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

async function signIn(page: Page, user: { username: string; password: string }): Promise<void> {
  await page.fill('input[name=username]', user.username);
  await page.fill('input[name=password]', user.password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname !== '/login');
}

describeWithChromium('the administration in Chromium', (newPage) => {
  it('creates a resource server, a client and a user, and the user signs in', async () => {
    const admin = `${stackUrls().provider}/admin`;
    const page = await newPage();
    await page.setViewportSize({ width: 390, height: 800 });
    const visited: string[] = [];
    page.on('framenavigated', (frame) => visited.push(frame.url()));
    const fits = async () => expect([page.url(), await page.evaluate(OVERFLOW)]).toEqual([page.url(), 0]);
    await page.goto(admin);
    await signIn(page, demoUsers.admin);
    await fits();

    await page.getByRole('link', { name: 'Resource servers' }).click();
    await fits();
    await page.getByRole('link', { name: 'Add a resource server' }).click();
    await fits();
    await page.fill('[name=identifier]', 'https://calendar.example');
    await page.fill('[name=name]', 'Calendar');
    await page.fill('[name="scopes.0.name"]', 'contacts:read');
    await page.fill('[name="scopes.0.description"]', 'add to your calendar');
    await page.check('[name="scopes.0.granted_to"][value=users]');
    await page.getByLabel('Every client may get tokens').focus();
    await page.keyboard.press('Space');
    await page.locator('#save').focus();
    await page.keyboard.press('Enter');
    const error = page.locator('[id="field-scopes.0.name-error"]');
    expect(await error.innerText()).toContain('belongs to the resource server');
    expect(await page.inputValue('[name="scopes.0.description"]')).toBe('add to your calendar');
    await fits();
    await page.fill('[name="scopes.0.name"]', 'calendar:write');
    await page.click('#save');
    expect(await page.locator('#done').innerText()).toContain('The resource server was added');
    await fits();

    await page.getByRole('link', { name: 'Clients', exact: true }).click();
    await fits();
    await page.getByRole('link', { name: 'Add a client' }).click();
    await fits();
    await page.fill('[name=client_id]', 'calendar-app');
    await page.fill('[name=client_name]', 'Calendar app');
    await page.fill('[name=redirect_uris]', 'https://app.example/callback');
    await page.fill('[name=scope]', 'openid calendar:write');
    await page.click('#save');
    const secret = await page.locator('#secret').innerText();
    expect(secret).toMatch(/^[\w-]{43}$/);
    await fits();
    await page.getByRole('link', { name: 'To the client' }).click();
    expect(await page.locator('h1').innerText()).toBe('Calendar app');
    await fits();

    await page.getByRole('link', { name: 'Users', exact: true }).click();
    await fits();
    await page.getByRole('link', { name: 'Add a user' }).click();
    await fits();
    await page.fill('[name=email]', 'hedy@example.com');
    await page.fill('[name=name]', 'Hedy Lamarr');
    await page.click('#save');
    const password = await page.locator('#secret').innerText();
    await fits();
    await page.getByRole('link', { name: 'To the user' }).click();
    expect(await page.locator('h1').innerText()).toBe('hedy@example.com');
    await fits();
    for (const url of visited) expect([secret, password].some((value) => url.includes(value))).toBe(false);

    const own = await newPage();
    await own.goto(`${stackUrls().provider}/account`);
    await signIn(own, { username: 'hedy@example.com', password });
    expect(await own.locator('main').innerText()).toContain('Hedy Lamarr');

    await page.getByRole('link', { name: 'Delete' }).click();
    expect(await page.locator('main').innerText()).toContain('The account is deleted for good');
    await fits();
    await page.click('#confirm');
    await page.goto(`${admin}/clients/delete?id=calendar-app`);
    await page.click('#confirm');
    await page.goto(`${admin}/resource-servers/delete?id=${encodeURIComponent('https://calendar.example')}`);
    await page.click('#confirm');
    expect(await page.locator('#done').innerText()).toContain('The resource server was deleted');
    await own.goto(`${stackUrls().provider}/account`);
    expect(await own.locator('#login').count()).toBe(1);
  });
});
