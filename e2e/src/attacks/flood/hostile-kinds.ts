import type { Stack } from '@trefoil/local-stack';

/** A request that a stranger repeats. */
export interface HostileRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'OPTIONS';
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const KIB = 1024;

const form = (url: string, body: string | Record<string, string>, headers = {}): HostileRequest => ({
  url,
  method: 'POST',
  body: typeof body === 'string' ? body : new URLSearchParams(body).toString(),
  headers: { ...FORM, ...headers },
});

const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

/** The kinds of requests with which a stranger can make a server store, compute or send. Each gets the number of its turn. */
export const hostileKinds = ({ urls }: Stack): Readonly<Record<string, (turn: number) => HostileRequest>> => {
  const { provider, backend, frontend } = urls;
  const authorization = {
    ...{ client_id: 'api-docs', response_type: 'code', scope: 'openid', resource: backend },
    ...{ redirect_uri: `${provider}/docs/oauth2-redirect.html` },
    ...{ code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' },
  };
  return {
    'a form of one name, repeated': () => form(`${provider}/token`, 'a&'.repeat(30 * KIB)),
    'a query of one name, repeated': () => ({ url: `${provider}/authorize?${'a&'.repeat(4 * KIB)}`, method: 'GET' }),
    'a large state': () => form(`${provider}/authorize`, { ...authorization, state: 's'.repeat(60 * KIB) }),
    'an authorization request': (turn) =>
      form(`${provider}/authorize`, { ...authorization, state: `${turn}${'s'.repeat(1500)}` }),
    'wrong client credentials': (turn) =>
      form(`${provider}/token`, { grant_type: 'client_credentials' }, basic('marketing-sync', `wrong-${turn}`)),
    'an unknown client': (turn) =>
      form(`${provider}/token`, { grant_type: 'client_credentials' }, basic(`client-${turn}`, 'wrong')),
    'a refused request of a public client': (turn) =>
      form(`${provider}/token`, {
        ...{ grant_type: 'authorization_code', client_id: 'api-docs', code: `tfc_${turn}` },
        ...{ redirect_uri: authorization.redirect_uri, code_verifier: 'v'.repeat(43) },
      }),
    'a request of a device': () =>
      form(`${provider}/device_authorization`, { client_id: 'demo-cli', scope: 'openid account:read' }),
    'a pushed request': () => form(`${provider}/par`, authorization),
    'a wrong registration token': () => ({
      ...{ url: `${provider}/register`, method: 'POST', body: '{}' },
      headers: { 'content-type': 'application/json', authorization: 'Bearer wrong' },
    }),
    'many scopes': () =>
      form(
        `${provider}/token`,
        { grant_type: 'client_credentials', scope: 'x '.repeat(28 * KIB) },
        basic('marketing-sync', 'wrong'),
      ),
    'deep JSON': () => ({
      ...{ url: `${provider}/register`, method: 'POST', body: '['.repeat(60 * KIB) },
      headers: { 'content-type': 'application/json', authorization: 'Bearer wrong' },
    }),
    'many cookies': () => ({
      url: `${frontend}/`,
      method: 'GET',
      headers: { cookie: Array.from({ length: 300 }, (_, n) => `c${n}=${'x'.repeat(30)}`).join('; ') },
    }),
    'a sign-in at the frontend': () => ({ url: `${frontend}/login?return_to=/contacts`, method: 'GET' }),
    'a form without a session': () =>
      form(
        `${frontend}/contacts/new`,
        { name: 'n', notes: 'n'.repeat(60 * KIB) },
        { origin: new URL(frontend).origin },
      ),
    'a malformed token': (turn) => ({
      ...{ url: `${backend}/v1/contacts`, method: 'GET' },
      headers: { authorization: `Bearer ${'x'.repeat(4 * KIB)}.${turn}.y` },
    }),
    'a malformed path': () => ({ url: `${provider}/%zz`, method: 'GET' }),
  };
};
