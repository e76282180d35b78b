import { Authority } from '@trefoil/pki';
import { certificateFetch } from '@trefoil/service-client';
import { demoClients, stackCertificates, stackUrls } from '@trefoil/testing';
import { readFileSync } from 'node:fs';
import { certificateOf, fetchAs, fetchWithoutCertificate } from '../clients/app-certificate.js';
import { aliceAtFrontend, callBackend, callBackendAsFrontend, frontendClient } from '../clients/demo-clients.js';

const backendUrl = () => `${stackCertificates().mtlsUrls.backend}/v1/contacts`;
const introspection = () => `${stackCertificates().mtlsUrls.provider}/introspect`;

describe('a user token that was copied out of the frontend opens nothing for anyone else', () => {
  let token: string;
  beforeAll(async () => {
    token = (await (await frontendClient()).signIn(aliceAtFrontend())).access_token;
    expect((await callBackendAsFrontend('/v1/contacts', token)).status).toBe(200);
  });

  const presenting = (fetchAny: typeof fetch, url = backendUrl()) =>
    fetchAny(url, { headers: { authorization: `Bearer ${token}` } });

  /** Returns a `fetch` with a certificate that has the name of the frontend, from the authority of an attacker. */
  async function asRogueFrontend(): Promise<typeof fetch> {
    const rogue = await (await Authority.createRoot('Trefoil development root')).createIssuing('Trefoil issuing');
    const { certificate: cert, key } = await rogue.issueClient('frontend');
    return certificateFetch({ ...certificateOf(stackCertificates(), 'frontend'), cert, key });
  }

  it.each<[string, () => Promise<Response>]>([
    ['without a certificate', () => presenting(fetchWithoutCertificate(stackCertificates()))],
    ['with the certificate of another service', () => presenting(fetchAs(stackCertificates(), 'backend'))],
    ['with a certificate of a rogue authority', async () => presenting(await asRogueFrontend())],
    ['on a plain connection', () => callBackend('/v1/contacts', `Bearer ${token}`)],
    [
      'on a plain connection with the certificate of the frontend in a header',
      () => presenting(withHeader, plainUrl()),
    ],
  ])('at the backend, %s (RFC 8705 §3)', async (_, steal) => {
    const answer = await steal();
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('at the provider, which exchanges it only for the backend with its own certificate (RFC 8693 §2)', async () => {
    const body = () =>
      new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        client_id: 'backend',
        subject_token: token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        resource: `${stackUrls().provider}/api`,
        scope: 'account:read',
      });
    const exchangeAs = async (fetchAny: typeof fetch) => {
      const answer = await fetchAny(`${stackCertificates().mtlsUrls.provider}/token`, { method: 'POST', body: body() });
      return [answer.status, ((await answer.json()) as { error?: string }).error];
    };
    for (const thief of [fetchWithoutCertificate(stackCertificates()), fetchAs(stackCertificates(), 'frontend')])
      expect(await exchangeAs(thief)).toEqual([401, 'invalid_client']);
    expect(await exchangeAs(fetchAs(stackCertificates(), 'backend'))).toEqual([200, undefined]);
  });

  const plainUrl = () => `${stackUrls().backend}/v1/contacts`;
  const withHeader: typeof fetch = (url, init) => {
    const { certificate = '' } = stackCertificates().pki?.services.frontend?.client ?? {};
    const pem = encodeURIComponent(readFileSync(certificate, 'utf8'));
    const [, base64 = ''] = /-----BEGIN CERTIFICATE-----([^-]+)/.exec(decodeURIComponent(pem)) ?? [];
    const headers = new Headers(init?.headers);
    headers.set('client-cert', `:${base64.replaceAll(/\s/g, '')}:`);
    headers.set('x-forwarded-client-cert', pem);
    return fetch(url, { ...init, headers });
  };
});

describe('the secrets of the demo, which everybody knows', () => {
  it.each([demoClients.frontend, demoClients.backend])(
    'that of the $clientId is refused, because it authenticates with its certificate (RFC 8705 §2)',
    async ({ clientId, clientSecret }) => {
      const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
      const body = () => new URLSearchParams({ token: 'x' });
      const inBody = new URLSearchParams({ token: 'x', client_id: clientId, client_secret: clientSecret });
      const refused = await Promise.all([
        fetch(`${stackUrls().provider}/introspect`, { method: 'POST', headers: { authorization }, body: body() }),
        fetch(`${stackUrls().provider}/introspect`, { method: 'POST', body: inBody }),
        // Also on a connection with the certificate: a request authenticates in one way (RFC 6749 §2.3).
        fetchAs(stackCertificates(), clientId)(introspection(), {
          method: 'POST',
          headers: { authorization },
          body: body(),
        }),
      ]);
      for (const { status } of refused) expect(status).toBe(401);
    },
  );
});
