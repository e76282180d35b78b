import { type Stack, startTemporaryStack } from '@trefoil/local-stack';
import fc from 'fast-check';
import { hostileObject } from './hostile-json.js';
import { Agent } from 'node:https';
import { certificateOf, fetchAs } from '../clients/app-certificate.js';
import { type HostileTarget, hostileRequest, sendHostile } from './hostile-request.js';
import { MEMBERS, REGISTRATION, STREAM } from './valid-json.js';

const SEED = 20260101;
const RUNS_PER_ENDPOINT = 300;
const RUNS_PER_JSON_ENDPOINT = 1000;
const INITIAL_ACCESS_TOKEN = 'demo-initial-access-token';

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

/** Returns a token with which the backend manages its event stream. */
async function streamToken(stack: Stack): Promise<string> {
  const grant = { grant_type: 'client_credentials', client_id: 'backend', scope: 'ssf.manage ssf.read' };
  const body = new URLSearchParams(grant);
  const answer = await fetchAs(stack, 'backend')(`${stack.mtlsUrls.provider}/token`, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

const jsonRequest = (method: string, token: string, body: string): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  body,
});

const register = ({ urls }: Stack, method: string, path: string, token = '', body = ''): Promise<Response> =>
  fetch(`${urls.provider}/register${path}`, jsonRequest(method, token, body));

/** Checks that the response to every drawn JSON body is a JSON response without a server error. */
async function neverFailsWith(body: fc.Arbitrary<string>, post: (body: string) => Promise<Response>) {
  const property = fc.asyncProperty(body, async (text) => {
    const { status, headers } = await post(text);
    expect(status).toBeLessThan(500);
    // An HTML page would mean that the error reached no handler of this endpoint.
    expect(headers.get('content-type')).toMatch(/^application\/(problem\+)?json/);
  });
  const { counterexample, errorInstance } = await fc.check(property, { seed: SEED, numRuns: RUNS_PER_JSON_ENDPOINT });
  expect({ body: counterexample?.[0].slice(0, 1000), reason: errorInstance }).toEqual({ reason: null });
}

/** Checks that no hostile request to an endpoint causes a server error. */
const neverFails = (target: HostileTarget, path: string) =>
  fc.assert(
    fc.asyncProperty(hostileRequest, async (request) => {
      expect(await sendHostile(target, path, request)).toBeLessThan(500);
    }),
    { seed: SEED, numRuns: RUNS_PER_ENDPOINT },
  );

describe('no hostile request causes a server error (5xx)', () => {
  // These tests have their own stack, because the requests may change data that other tests read.
  let stack: Stack;
  let agent: Agent;
  let asBackend: typeof fetch;
  beforeAll(async () => {
    stack = await startTemporaryStack();
    agent = new Agent({ ...certificateOf(stack, 'frontend'), keepAlive: true });
    asBackend = fetchAs(stack, 'backend');
  }, 120_000);
  afterAll(() => stack.stop());

  it.each([...PROTOCOL, ...PAGES, ...OWN_API, ...SIGNALS])('at the provider’s %s', (path) =>
    neverFails({ origin: stack.urls.provider, mtls: { origin: stack.mtlsUrls.provider, agent } }, path),
  );

  it('at the provider’s /register, with hostile JSON', async () => {
    const metadata = hostileObject(REGISTRATION, MEMBERS);
    await neverFailsWith(metadata, (body) => register(stack, 'POST', '', INITIAL_ACCESS_TOKEN, body));
  });

  it('at the provider’s /register/:id, with hostile JSON', async () => {
    const answer = await register(stack, 'POST', '', INITIAL_ACCESS_TOKEN, JSON.stringify(REGISTRATION));
    const { client_id, registration_access_token } = (await answer.json()) as Record<string, string>;
    const metadata = hostileObject({ ...REGISTRATION, client_id }, MEMBERS);
    await neverFailsWith(metadata, (body) => register(stack, 'PUT', `/${client_id}`, registration_access_token, body));
  });

  it.each(['PATCH', 'PUT'])('at the provider’s /ssf/streams, with hostile JSON: %s', async (method) => {
    const token = await streamToken(stack);
    const streams = `${stack.mtlsUrls.provider}/ssf/streams`;
    const answer = await asBackend(
      streams,
      jsonRequest('POST', token, JSON.stringify({ ...STREAM, stream_id: undefined })),
    );
    const { stream_id } = (await answer.json()) as { stream_id: string };
    const members = [...Object.keys(STREAM), 'endpoint_url', 'iss', 'aud', 'status', '__proto__'];
    const content = hostileObject({ ...STREAM, stream_id }, members);
    await neverFailsWith(content, (body) => asBackend(streams, jsonRequest(method, token, body)));
  });

  it.each(['/v1/profile', '/v1/contacts', '/v1/contacts/x', '/v1/exports/contacts'])('at the backend’s %s', (path) =>
    neverFails({ origin: stack.urls.backend }, path),
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
  ])('at the frontend’s %s', (path) => neverFails({ origin: stack.urls.frontend }, path));
});
