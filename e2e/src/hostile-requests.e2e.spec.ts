import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import fc from 'fast-check';
import { request as send } from 'node:http';
import { hostileObject } from './hostile-json.js';

const SEED = 20260101;
const RUNS_PER_ENDPOINT = 300;
const RUNS_OF_METADATA = 1000;

const PROTOCOL = [
  '/authorize',
  '/par',
  '/token',
  '/userinfo',
  '/introspect',
  '/revoke',
  '/register',
  '/register/x',
  '/device_authorization',
  '/end-session',
  '/jwks',
];
const PAGES = [
  '/login',
  '/consent',
  '/device',
  '/authorize/continue',
  '/end-session/confirm',
  '/account',
  '/admin',
  '/admin/events',
  '/admin/find',
  '/admin/revoke',
];
const OWN_API = [
  '/api/account',
  '/api/account/events',
  '/api/users/x',
  '/api/events',
  '/api/usage',
  '/.well-known/openid-configuration',
];
const SIGNALS = [
  '/.well-known/ssf-configuration',
  '/ssf/streams',
  '/ssf/streams/x/poll',
  '/ssf/status',
  '/ssf/verification',
];

const PARAMETERS = [
  'client_id',
  'client_secret',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'prompt',
  'max_age',
  'code_challenge',
  'code_challenge_method',
  'resource',
  'request',
  'request_uri',
  'claims',
  'id_token_hint',
  'logout_hint',
  'post_logout_redirect_uri',
  'grant_type',
  'code',
  'code_verifier',
  'refresh_token',
  'subject_token',
  'subject_token_type',
  'token',
  'token_type_hint',
  'authorization',
  'username',
  'password',
  'form_token',
  'access_token',
  'client_assertion',
  'client_assertion_type',
  'dpop_jkt',
  'device_code',
  'user_code',
  'logout_token',
  'redirect_uris',
  'jwks',
  'jwks_uri',
  'sector_identifier_uri',
  'token_endpoint_auth_method',
];

const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const PLAUSIBLE = [
  'frontend',
  'marketing-sync',
  'demo-cli',
  'code',
  'token',
  'openid profile',
  'S256',
  'plain',
  'none login',
  '-1',
  '9'.repeat(400),
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:token-exchange',
  'http://localhost:3000/callback',
  'javascript:alert(1)',
  `${b64({ alg: 'none' })}.${b64({ sub: 'alice' })}.`,
  `${b64({ alg: 'HS256', typ: 'at+jwt', kid: 'x' })}.${b64({ iss: 'x' })}.AAAA`,
  `${b64({ alg: 'ES256', jwk: {}, jku: 'http://169.254.169.254/', x5u: 'http://localhost/' })}.${b64({})}.AAAA`,
  `tfc_${'A'.repeat(64)}`,
  `tfr_${'A'.repeat(70)}`,
  '00000000-0000-0000-0000-000000000000',
  '{"userinfo":{"sub":{"value":{}}}}',
  "' OR 1=1 --",
  '%00',
  '%ff%fe',
  '\u0000',
  '\uD800',
  '../../etc/passwd',
];

const value = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...PLAUSIBLE) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1000, max: 80_000 }).map((length) => 'x'.repeat(length)) },
);
const basic = (client: string) => `Basic ${Buffer.from(`${client}:${client}-demo-secret`).toString('base64')}`;

const PUSHED = {
  response_type: 'code',
  redirect_uri: 'http://localhost:3000/callback',
  scope: 'openid',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
};

/** Requests that are right, so that what is changed in them gets past the first check. */
const RIGHT: Record<string, { pairs: Record<string, string>; authorization?: string }> = {
  '/authorize': {
    pairs: {
      ...PUSHED,
      client_id: 'demo-cli',
      redirect_uri: 'http://127.0.0.1/callback',
    },
  },
  '/par': { pairs: PUSHED, authorization: basic('frontend') },
  '/device_authorization': { pairs: { client_id: 'demo-cli', scope: 'openid' } },
  '/register': { pairs: {}, authorization: 'Bearer demo-initial-access-token' },
  '/token': { pairs: { grant_type: 'client_credentials' }, authorization: basic('marketing-sync') },
  '/introspect': { pairs: { token: 'x' }, authorization: basic('backend') },
  '/revoke': { pairs: { token: 'x' }, authorization: basic('frontend') },
  '/end-session': { pairs: { client_id: 'frontend' } },
};

const pairs = fc.array(fc.tuple(fc.constantFrom(...PARAMETERS), value), { maxLength: 8 });
const hostile = fc.record({
  /** Whether the pairs change a request that is right otherwise. */
  changed: fc.boolean(),
  method: fc.constantFrom('GET', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
  pairs,
  encoding: fc.constantFrom('form', 'json', 'raw', 'none'),
  inQuery: fc.boolean(),
  rawPercent: fc.boolean(),
  authorization: fc.oneof(
    fc.constant(undefined),
    fc.constantFrom('Basic', 'Basic ', 'Basic !!!!', 'Bearer', 'Bearer ', 'bearer x y', 'DPoP x', 'Negotiate x'),
    value.map((text) => `Bearer ${text}`),
    fc.tuple(value, value).map((both) => `Basic ${Buffer.from(both.join(':')).toString('base64')}`),
  ),
  accept: fc.constantFrom('*/*', 'text/html', 'application/json', 'application/token-introspection+jwt', ''),
});
type Hostile = typeof hostile extends fc.Arbitrary<infer T> ? T : never;

const CONTENT_TYPES: Record<string, string | undefined> = {
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
  raw: 'text/plain',
};

function changedFromRight(path: string, drawn: Hostile): Hostile {
  const right = RIGHT[path];
  if (!right) return drawn;
  const pairs = Object.entries({ ...right.pairs, ...Object.fromEntries(drawn.pairs.slice(0, 2)) });
  return {
    ...drawn,
    pairs,
    authorization: right.authorization,
    method: path === '/authorize' ? 'GET' : 'POST',
    inQuery: path === '/authorize',
    encoding: path === '/register' ? 'json' : 'form',
  };
}

/** Sends a request as it is, without a client library's good manners. */
function answerTo(origin: string, path: string, drawn: Hostile): Promise<number> {
  const { method, encoding, inQuery, ...request } = drawn.changed ? changedFromRight(path, drawn) : drawn;
  const encode = (text: string) => (request.rawPercent ? text : encodeURIComponent(Buffer.from(text).toString()));
  const form = request.pairs.map(([name, text]) => `${name}=${encode(text)}`).join('&');
  const query = inQuery ? `?${form.replaceAll(/[^\x21-\x7E]/g, '')}` : '';
  const body =
    encoding === 'json' ? JSON.stringify(Object.fromEntries(request.pairs)) : encoding === 'none' ? '' : form;
  const headers = {
    accept: request.accept,
    ...(CONTENT_TYPES[encoding] && { 'content-type': CONTENT_TYPES[encoding] }),
    ...(request.authorization && { authorization: request.authorization.replaceAll(/[^\x20-\x7E]/g, '') }),
  };
  return new Promise((resolve, reject) => {
    const url = new URL(origin);
    const outgoing = send(
      { host: url.hostname, port: url.port, path: (path + query).slice(0, 15_000), method, headers },
      (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)),
    );
    // A server that stops reading a body that is too large may close the connection while it is still being sent.
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      ['EPIPE', 'ECONNRESET'].includes(error.code ?? '') ? resolve(413) : reject(error),
    );
    outgoing.end(method === 'GET' ? '' : body);
  });
}

const INITIAL_ACCESS_TOKEN = 'demo-initial-access-token';

const REGISTRATION = {
  redirect_uris: ['https://client.example/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  client_name: 'Hostile',
};

const MEMBERS = [
  ...Object.keys(REGISTRATION),
  'client_id',
  'client_secret',
  'registration_access_token',
  'application_type',
  'response_modes',
  'token_endpoint_auth_method',
  'token_endpoint_auth_signing_alg',
  'security_profile',
  'scope',
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'contacts',
  'software_id',
  'software_version',
  'software_statement',
  'jwks',
  'jwks_uri',
  'request_object_signing_alg',
  'require_signed_request_object',
  'id_token_signed_response_alg',
  'id_token_encrypted_response_alg',
  'authorization_signed_response_alg',
  'subject_type',
  'sector_identifier_uri',
  'default_max_age',
  'require_auth_time',
  'default_acr_values',
  'require_pushed_authorization_requests',
  'dpop_bound_access_tokens',
  'initiate_login_uri',
  'post_logout_redirect_uris',
  'backchannel_logout_uri',
  'backchannel_logout_session_required',
  '__proto__',
  'constructor',
  'toString',
];

const STREAM = {
  stream_id: '',
  delivery: { method: 'urn:ietf:rfc:8936' },
  events_requested: ['https://schemas.openid.net/secevent/caep/event-type/session-revoked'],
  description: 'Hostile',
};

/** A token of the backend that manages streams of events. */
async function streamToken({ urls }: Stack): Promise<string> {
  const headers = { authorization: basic('backend') };
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'ssf.manage ssf.read' });
  const answer = await fetch(`${urls.provider}/token`, { method: 'POST', headers, body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

const sendJson = ({ urls }: Stack, method: string, path: string, token: string, body: string): Promise<Response> =>
  fetch(`${urls.provider}${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body,
  });

const register = (stack: Stack, method: string, path: string, token = '', body = ''): Promise<Response> =>
  sendJson(stack, method, `/register${path}`, token, body);

async function neverFailsWith(body: fc.Arbitrary<string>, answerTo: (body: string) => Promise<Response>) {
  const property = fc.asyncProperty(body, async (text) => {
    const { status, headers } = await answerTo(text);
    // An answer in JSON, whatever it is: a page is what somebody gets whom nobody expected.
    return status < 500 && /^application\/(problem\+)?json/.test(headers.get('content-type') ?? '');
  });
  const { counterexample } = await fc.check(property, { seed: SEED, numRuns: RUNS_OF_METADATA });
  expect(counterexample?.[0].slice(0, 1000)).toBeUndefined();
}

const neverFails = (origin: string, path: string) =>
  fc.assert(
    fc.asyncProperty(hostile, async (request) => (await answerTo(origin, path, request)) < 500),
    { seed: SEED, numRuns: RUNS_PER_ENDPOINT },
  );

describe('whatever is sent, the answer is never 5xx', () => {
  // A stack of its own: what is sent must not end up before the eyes of other tests.
  let stack: Stack;
  beforeAll(async () => {
    stack = await startTemporaryStack();
  }, 120_000);
  afterAll(() => stack.stop());

  it.each([...PROTOCOL, ...PAGES, ...OWN_API, ...SIGNALS])('at the provider’s %s', (path) =>
    neverFails(stack.urls.provider, path),
  );

  it('to JSON at the provider’s /register', async () => {
    const metadata = hostileObject(REGISTRATION, MEMBERS);
    await neverFailsWith(metadata, (body) => register(stack, 'POST', '', INITIAL_ACCESS_TOKEN, body));
  });

  it('to JSON that changes a registration', async () => {
    const answer = await register(stack, 'POST', '', INITIAL_ACCESS_TOKEN, JSON.stringify(REGISTRATION));
    const { client_id, registration_access_token } = (await answer.json()) as Record<string, string>;
    const metadata = hostileObject({ ...REGISTRATION, client_id }, MEMBERS);
    await neverFailsWith(metadata, (body) => register(stack, 'PUT', `/${client_id}`, registration_access_token, body));
  });

  it.each(['PATCH', 'PUT'])('to JSON that changes a stream of events: %s', async (method) => {
    const token = await streamToken(stack);
    const answer = await sendJson(
      stack,
      'POST',
      '/ssf/streams',
      token,
      JSON.stringify({ ...STREAM, stream_id: undefined }),
    );
    const { stream_id } = (await answer.json()) as { stream_id: string };
    const members = [...Object.keys(STREAM), 'endpoint_url', 'iss', 'aud', 'status', '__proto__'];
    const content = hostileObject({ ...STREAM, stream_id }, members);
    await neverFailsWith(content, (body) => sendJson(stack, method, '/ssf/streams', token, body));
  });

  it.each(['/v1/profile', '/v1/contacts', '/v1/contacts/x', '/v1/exports/contacts'])('at the backend’s %s', (path) =>
    neverFails(stack.urls.backend, path),
  );

  it.each([
    '/',
    '/login',
    '/callback',
    '/profile',
    '/contacts',
    '/contacts/x',
    '/contacts/download',
    '/logout',
    '/backchannel-logout',
  ])('at the frontend’s %s', (path) => neverFails(stack.urls.frontend, path));
});
