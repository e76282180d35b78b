import { testDatabase } from '@trefoil/testing';
import { FrontendUnderTest } from '../testing/frontend-under-test.js';

let frontend: FrontendUnderTest;

beforeAll(async () => {
  frontend = await FrontendUnderTest.start(await testDatabase());
});
afterAll(() => frontend.stop());

describe('a script without a session', () => {
  it.each([
    [{ Accept: 'application/json' }],
    [{ Accept: '*/*', 'Sec-Fetch-Mode': 'cors' }],
    [{ Accept: 'text/html', 'Sec-Fetch-Mode': 'cors' }],
  ])('with the headers %j receives 401 and the address of the sign-in, never a redirect', async (headers) => {
    const answer = await fetch(`${frontend.url}/contacts?search=a`, { headers, redirect: 'manual' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toMatchObject({
      title: 'Unauthorized',
      status: 401,
      requestId: expect.any(String),
      signInUrl: '/login?return_to=%2Fcontacts%3Fsearch%3Da',
    });
  });

  it('receives the same answer to a POST request', async () => {
    const answer = await fetch(`${frontend.url}/contacts`, {
      method: 'POST',
      headers: { Accept: 'application/json', 'Sec-Fetch-Site': 'same-origin' },
      redirect: 'manual',
    });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ signInUrl: '/login?return_to=%2F' });
  });
});
