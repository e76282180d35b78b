import { testDatabase } from '@trefoil/testing';
import { compactVerify, createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { type ProviderUnderTest, startProvider } from '../../../testing/provider-under-test.js';
import { answerAll, answerIn, ask, browserOf, redeem } from '../../../testing/sign-in-at.js';
import { givenClient } from '../../../testing/test-clients.js';

let provider: ProviderUnderTest;

beforeAll(async () => {
  provider = await startProvider(await testDatabase());
});
afterAll(() => provider.stop());

const keys = () => createRemoteJWKSet(new URL(`${provider.url}/jwks`));

describe('form_post', () => {
  it('brings code, state and iss in a form that needs no JavaScript (Form Post Response Mode §2)', async () => {
    const client = await givenClient(provider);
    const page = await answerAll(await ask(provider, client, browserOf(client), { response_mode: 'form_post' }));
    const { method, url, body } = page.form('#continue').submission();
    expect([method, url.href]).toEqual(['POST', client.redirectUri]);
    const { code, ...others } = Object.fromEntries(new URLSearchParams(body));
    expect(others).toEqual({ state: 'the-state', iss: provider.url });
    expect((await redeem(provider, client, code ?? '')).status).toBe(200);
  });

  it('is a page that no cache keeps and that runs its own script only (Form Post Response Mode §4)', async () => {
    const client = await givenClient(provider);
    const page = await answerAll(await ask(provider, client, browserOf(client), { response_mode: 'form_post' }));
    expect(page.headers.get('cache-control')).toBe('no-store');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy.match(/script-src ([^;]+)/)?.[1]).toMatch(/^'sha256-[^' ]+'$/);
    expect(policy).not.toMatch(/unsafe|form-action/);
  });

  it('brings errors too (Form Post Response Mode §2)', async () => {
    const client = await givenClient(provider);
    for (const changes of [{ prompt: 'none' }, { scope: 'unknown' }]) {
      const page = await ask(provider, client, browserOf(client), { response_mode: 'form_post', ...changes });
      expect(page.form('#continue').value('error')).toMatch(/^(login_required|invalid_scope)$/);
      expect(page.form('#continue').value('state')).toBe('the-state');
    }
  });
});

describe.each(['jwt', 'query.jwt'])('%s', (response_mode) => {
  it('brings one signed response, for this client, that expires (JARM §2.1, §2.3)', async () => {
    const client = await givenClient(provider);
    const page = await answerAll(await ask(provider, client, browserOf(client), { response_mode }));
    const { response, ...others } = answerIn(page);
    expect(others).toEqual({});
    const { payload, protectedHeader } = await jwtVerify(response ?? '', keys(), {
      issuer: provider.url,
      audience: client.clientId,
    });
    expect(protectedHeader.alg).toBe('RS256');
    expect(payload).toEqual({
      iss: provider.url,
      aud: client.clientId,
      iat: expect.any(Number),
      exp: expect.any(Number),
      code: expect.stringMatching(/^tfc_/),
      state: 'the-state',
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(600);
    expect((await redeem(provider, client, String(payload.code))).status).toBe(200);
  });

  it('brings errors too (JARM §2.1)', async () => {
    const client = await givenClient(provider);
    const page = await ask(provider, client, browserOf(client), { response_mode, prompt: 'none' });
    expect(decodeJwt(answerIn(page).response ?? '')).toMatchObject({ error: 'login_required', state: 'the-state' });
  });
});

describe('form_post.jwt', () => {
  it('brings the signed response in a form (JARM §2.3.3)', async () => {
    const client = await givenClient(provider);
    const page = await answerAll(await ask(provider, client, browserOf(client), { response_mode: 'form_post.jwt' }));
    const values = page.form('#continue').values;
    expect([...values.keys()]).toEqual(['response']);
    expect(decodeJwt(values.get('response') ?? '')).toMatchObject({ code: expect.any(String), aud: client.clientId });
  });
});

it.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)(
  'a response is signed with the algorithm its client registered: %s (JARM §3)',
  async (authorizationSignedResponseAlg) => {
    const client = await givenClient(provider, { authorizationSignedResponseAlg });
    const page = await ask(provider, client, browserOf(client), { response_mode: 'jwt', prompt: 'none' });
    const { protectedHeader } = await compactVerify(answerIn(page).response ?? '', keys());
    expect(protectedHeader.alg).toBe(authorizationSignedResponseAlg);
  },
);
