import { Browser, demoUsers, type Page } from '@trefoil/testing';
import type { ProviderUnderTest } from './provider-under-test.js';

/** Opens a page of the provider as a user of the demo, who signs in if necessary. */
export async function openAs(
  provider: ProviderUnderTest,
  path: string,
  who: keyof typeof demoUsers = 'admin',
  browser = new Browser(),
): Promise<Page> {
  const page = await browser.open(`${provider.url}${path}`);
  if (!page.has('#login')) return page;
  await page.submit('#login', demoUsers[who]);
  return browser.open(`${provider.url}${path}`);
}

/**
 * Posts a form of a page for administrators in every way that must be refused. Returns what came of each: nobody signed in, a
 * user who is not an administrator, no form token, the token of another form, and a page of another origin.
 */
export async function wrongSubmissions(provider: ProviderUnderTest, path: string): Promise<Record<string, string>> {
  const url = `${provider.url}${path}`;
  const nobody = await new Browser({ stopAt: `${provider.url}/login` }).open(url);
  const alice = new Browser();
  const aliceAccount = await openAs(provider, '/account', 'alice', alice);
  const form_token = aliceAccount.form('#sessions button').value('form_token') ?? '';
  const admin = new Browser();
  const page = await openAs(provider, path, 'admin', admin);
  const own = Object.fromEntries(page.form('main form[method=post]').values);
  const { form_token: _, ...withoutToken } = own;
  const outcome = ({ status, title }: Page) => `${status} ${title.replace(/ · .*/, '')}`;
  return {
    nobody: `${nobody.status} ${nobody.location?.pathname ?? ''}`,
    somebodyElse: outcome(await alice.post(url, { form_token }, aliceAccount)),
    withoutToken: outcome(await admin.post(url, withoutToken, page)),
    otherForm: outcome(await admin.post(url, { ...own, form_id: 'another' }, page)),
    otherOrigin: outcome(await admin.post(url, own)),
  };
}

/** What {@link wrongSubmissions} must return. */
export const ALL_REFUSED = {
  nobody: '303 /login',
  somebodyElse: '403 This page is for administrators',
  withoutToken: '403 This page was out of date',
  otherForm: '403 This page was out of date',
  otherOrigin: expect.stringMatching(/^403 /) as string,
};

/** Returns what a page says about a refused form: the status, and the error beside each field. */
export const refusalOf = ({ status, document }: Page): { status: number; errors: Record<string, string> } => ({
  status,
  errors: Object.fromEntries(
    document
      .querySelectorAll('.field-error')
      .map((error) => [error.id.replace(/^field-(.*)-error$/, '$1'), error.textContent]),
  ),
});
