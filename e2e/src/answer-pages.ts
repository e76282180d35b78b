import { demoUsers, type Page } from '@trefoil/testing';

/** Answers the provider as somebody who signs in and allows what is asked, as far as either is asked. */
export async function answerPages(
  page: Page,
  user: { username: string; password: string } = demoUsers.alice,
): Promise<Page> {
  if (page.has('#login')) return answerPages(await page.submit('#login', user), user);
  return page.has('#allow') ? page.submit('#allow') : page;
}
