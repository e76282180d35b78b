import fc from 'fast-check';
import { request as sendPlainly } from 'node:http';
import { type Agent, request as sendByTls } from 'node:https';

/** The names of parameters of all endpoints. */
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

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** Values that are valid somewhere, and values of known attacks. */
const KNOWN_VALUES = [
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
  `${base64url({ alg: 'none' })}.${base64url({ sub: 'alice' })}.`,
  `${base64url({ alg: 'HS256', typ: 'at+jwt', kid: 'x' })}.${base64url({ iss: 'x' })}.AAAA`,
  `${base64url({ alg: 'ES256', jwk: {}, jku: 'http://169.254.169.254/', x5u: 'http://localhost/' })}.${base64url({})}.AAAA`,
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
  { weight: 5, arbitrary: fc.constantFrom(...KNOWN_VALUES) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1000, max: 80_000 }).map((length) => 'x'.repeat(length)) },
);
/** Returns the `Authorization` header of a demo client that authenticates with client_secret_basic. */
export const basic = (client: string) => `Basic ${Buffer.from(`${client}:${client}-demo-secret`).toString('base64')}`;

const PUSHED = {
  response_type: 'code',
  redirect_uri: 'http://localhost:3000/callback',
  scope: 'openid',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
};

interface ValidRequest {
  readonly pairs: Record<string, string>;
  readonly authorization?: string;
  /** Whether the request is sent with the certificate of the frontend. */
  readonly certificate?: boolean;
}

/** Valid requests. A hostile request that changes one of them gets past the first checks. */
const VALID: Record<string, ValidRequest> = {
  '/authorize': {
    pairs: {
      ...PUSHED,
      client_id: 'demo-cli',
      redirect_uri: 'http://127.0.0.1/callback',
    },
  },
  '/par': { pairs: { ...PUSHED, client_id: 'frontend' }, certificate: true },
  '/device_authorization': { pairs: { client_id: 'demo-cli', scope: 'openid' } },
  '/register': { pairs: {}, authorization: 'Bearer demo-initial-access-token' },
  '/token': { pairs: { grant_type: 'client_credentials' }, authorization: basic('marketing-sync') },
  '/introspect': { pairs: { token: 'x' }, authorization: basic('marketing-sync') },
  '/revoke': { pairs: { token: 'x', client_id: 'frontend' }, certificate: true },
  '/end-session': { pairs: { client_id: 'frontend' } },
};

const pairs = fc.array(fc.tuple(fc.constantFrom(...PARAMETERS), value), { maxLength: 8 });
/** Draws a request that no client would send. */
export const hostileRequest = fc.record({
  /** Whether the parameters replace those of a valid request. */
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

/** A request that no client would send. */
export type HostileRequest = typeof hostileRequest extends fc.Arbitrary<infer T> ? T : never;

const CONTENT_TYPES: Record<string, string | undefined> = {
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
  raw: 'text/plain',
};

/** Returns a valid request in which some parameters are replaced. */
function changedValidRequest(path: string, drawn: HostileRequest): HostileRequest {
  const valid = VALID[path];
  if (!valid) return drawn;
  const pairs = Object.entries({ ...valid.pairs, ...Object.fromEntries(drawn.pairs.slice(0, 2)) });
  return {
    ...drawn,
    pairs,
    authorization: valid.authorization,
    method: path === '/authorize' ? 'GET' : 'POST',
    inQuery: path === '/authorize',
    encoding: path === '/register' ? 'json' : 'form',
  };
}

/** The origins of a server. */
export interface HostileTarget {
  readonly origin: string;
  /** Where the server asks for certificates, and an agent that presents that of the frontend. */
  readonly mtls?: { readonly origin: string; readonly agent: Agent };
}

/** Sends a request without the corrections of an HTTP library, and returns the status code of the response. */
export function sendHostile({ origin, mtls }: HostileTarget, path: string, drawn: HostileRequest): Promise<number> {
  const { method, encoding, inQuery, ...request } = drawn.changed ? changedValidRequest(path, drawn) : drawn;
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
    const byTls = drawn.changed && VALID[path]?.certificate ? mtls : undefined;
    const { hostname: host, port } = new URL(byTls?.origin ?? origin);
    const send = byTls ? sendByTls : sendPlainly;
    const outgoing = send(
      { host, port, path: (path + query).slice(0, 15_000), method, headers, agent: byTls?.agent },
      (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)),
    );
    // A server may close the connection before the whole of a too large body was sent.
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      ['EPIPE', 'ECONNRESET'].includes(error.code ?? '') ? resolve(413) : reject(error),
    );
    outgoing.end(method === 'GET' ? '' : body);
  });
}
