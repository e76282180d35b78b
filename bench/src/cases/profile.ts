import { Browser } from '@trefoil/testing';
import { signInAndConsent } from '@trefoil/testing';
import type { Case } from './case.js';
import { repeat } from './requests.js';

/** A signed-in user opens `/profile` on the frontend, which calls the backend, which calls the provider. */
export const profile: Case = {
  name: 'profile',
  title: '`/profile` through all three servers',
  goals: { rate: 400 },
  async contenders({ stack, database, pidOf }) {
    const browser = new Browser();
    const page = await signInAndConsent(await browser.open(`${stack.urls.frontend}/login?return_to=/profile`));
    if (page.status !== 200) throw new Error(`/profile answered ${page.status}: ${page.text}`);
    const cookies = await browser.cookies.getCookies(stack.urls.frontend);
    const cookie = cookies.map(({ key, value }) => `${key}=${value}`).join('; ');
    return [
      {
        role: 'trefoil',
        name: 'Trefoil',
        processes: { server: [pidOf('frontend'), pidOf('backend'), pidOf('provider')], database },
        load: { url: stack.urls.frontend, connect: repeat({ path: '/profile', headers: { cookie } }) },
      },
    ];
  },
};
