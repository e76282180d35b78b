import { demoUsers, describeWithChromium, stackUrls } from '@trefoil/testing';

describeWithChromium('the Authorize button of the API documentation', (newPage) => {
  it.each(['backend', 'provider'] as const)('of the %s signs a user in, and a call succeeds', async (server) => {
    const page = await newPage();
    await page.goto(`${stackUrls()[server]}/docs`);
    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const dialog = page.locator('.dialog-ux');
    const popup = page.waitForEvent('popup');
    await dialog.locator('.modal-btn.authorize').first().click();
    const provider = await popup;
    await provider.fill('input[name=username]', demoUsers.alice.username);
    await provider.fill('input[name=password]', demoUsers.alice.password);
    const closed = provider.waitForEvent('close');
    await provider.click('#login');
    // The consent page is only shown the first time.
    const allowed = provider.click('#allow').catch(() => undefined);
    await Promise.race([closed, allowed]);
    await closed;
    await dialog.locator('button:has-text("Logout")').first().waitFor();
    await dialog.locator('.close-modal, .btn-done').first().click();

    const path = server === 'backend' ? '/v1/contacts' : '/api/account';
    const operation = page.locator('.opblock-get').filter({ hasText: path }).first();
    await operation.click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    const answer = page.waitForResponse((response) => new URL(response.url()).pathname === path);
    await operation.getByRole('button', { name: 'Execute' }).click();
    expect((await answer).status()).toBe(200);
  });
});
