import {
  demoUsers,
  describeWithChromium,
  type NewPage,
  stackCertificates,
  stackUrls,
  tokensIn,
} from '@trefoil/testing';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const issuingAuthority = () => readFileSync(join(dirname(stackCertificates().pki?.root ?? ''), 'issuing.pem'), 'utf8');

describeWithChromium('the journey of a user in Chromium', journey, issuingAuthority);

function journey(newPage: NewPage): void {
  it('signs in, manages a contact and signs out, and never receives a token', async () => {
    const page = await newPage();
    const received: Promise<string>[] = [];
    const consoleMessages: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) consoleMessages.push(message.text());
    });
    page.on('response', (response) => {
      const headers = response.allHeaders().then((all) => JSON.stringify({ ...all, location: '' }));
      received.push(
        headers,
        response.text().catch(() => ''),
      );
    });

    await page.goto(`${stackUrls().frontend}/profile`);
    await page.fill('input[name=username]', demoUsers.alice.username);
    await page.fill('input[name=password]', demoUsers.alice.password);
    await page.click('#login');
    await page.waitForLoadState();
    if (await page.locator('#allow').count()) await page.click('#allow');
    await page.waitForURL('**/profile');
    expect(await page.locator('main').innerText()).toContain('alice@example.com');

    await page.goto(`${stackUrls().frontend}/contacts/new`);
    await page.fill('[name=name]', 'Grace Hopper');
    await page.fill('[name=email]', 'grace@example.com');
    await page.click('#save');
    await page.waitForURL(/\/contacts\/[0-9a-f-]{36}/);
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.fill('[name=company]', 'US Navy');
    await page.click('#save');
    expect(await page.locator('main').innerText()).toContain('US Navy');
    await page.getByRole('link', { name: 'Delete' }).click();
    await page.click('#delete');
    await page.waitForURL('**/contacts?**');

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${stackUrls().frontend}/**`);
    await page.goto(`${stackUrls().frontend}/profile`);
    expect(await page.locator('#login').count()).toBe(1);

    expect((await Promise.all(received)).flatMap(tokensIn)).toEqual([]);
    expect(consoleMessages).toEqual([]);
  });

  it.each([390, 1280])('fits a window %i pixels wide, and works with the keyboard alone', async (width) => {
    const page = await newPage();
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${stackUrls().frontend}/`);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBe(0);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip-link');

    await page.goto(`${stackUrls().frontend}/profile`);
    expect(await page.evaluate(overflow)).toBe(0);
    await page.fill('input[name=username]', demoUsers.bob.username);
    await page.locator('input[name=password]').focus();
    await page.keyboard.type(demoUsers.bob.password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/(consent|profile)/);
    if (await page.locator('#allow').count()) {
      expect(await page.evaluate(overflow)).toBe(0);
      await page.locator('#allow').focus();
      await page.keyboard.press('Enter');
    }
    await page.waitForURL('**/profile');
    expect(await page.evaluate(overflow)).toBe(0);
  });
}
