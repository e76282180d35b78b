import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import { DpopKey } from '@trefoil/testing';
import { ask, startTestApp, stopTestApps } from '../testing/test-app.js';
import { encoded, NOW, RESOURCE, TestIssuer, USER_CLAIMS } from '../testing/test-issuer.js';

let issuer: TestIssuer;

beforeAll(async () => {
  issuer = await TestIssuer.create();
});
afterEach(stopTestApps);

const start = (options: Parameters<typeof startTestApp>[1] = {}) => startTestApp(issuer, options);
const userToken = (claims = {}) => issuer.userToken({ scope: 'notes:read', ...claims });

describe('a request with a valid token', () => {
  it('is accepted, and its handler receives the token', async () => {
    const app = await start();
    const token = await userToken();
    const { status, body } = await ask(app, '/notes', `Bearer ${token}`);
    expect(status).toBe(200);
    expect(body).toEqual({ sub: USER_CLAIMS.sub, scopes: ['notes:read'], exp: USER_CLAIMS.exp, token });
  });

  it.each(['bearer', 'BEARER', 'bEaReR'])('may write the scheme as %s (RFC 9110 §11.1)', async (scheme) => {
    const app = await start();
    expect((await ask(app, '/notes', `${scheme} ${await userToken()}`)).status).toBe(200);
  });

  it('is accepted whatever token is in the query', async () => {
    const { status } = await ask(await start(), '/notes?access_token=garbage', `Bearer ${await userToken()}`);
    expect(status).toBe(200);
  });

  it('is checked by each app of a process on its own', async () => {
    const [one, other] = [await start(), await start({ resource: 'https://other.example' })];
    const token = await userToken();
    expect((await ask(one, '/notes', `Bearer ${token}`)).status).toBe(200);
    expect((await ask(other, '/notes', `Bearer ${token}`)).status).toBe(401);
    await other.close();
    expect((await ask(one, '/notes', `Bearer ${token}`)).status).toBe(200);
  });

  it('never receives the token of a concurrent request', async () => {
    const app = await start();
    const subjects = Array.from({ length: 50 }, (_, index) => `user-${index}`);
    const answers = await Promise.all(
      subjects.map(async (sub) => ask(app, '/notes', `Bearer ${await userToken({ sub })}`)),
    );
    expect(answers.map(({ body }) => (body as { sub: string }).sub)).toEqual(subjects);
  });
});

describe('a request without a token in the header', () => {
  it('is answered 401 with a challenge without an error code (RFC 6750 §3.1)', async () => {
    const { status, challenge, type, body } = await ask(await start(), '/notes');
    expect({ status, challenge, type }).toEqual({
      status: 401,
      challenge: 'Bearer realm="notes"',
      type: 'application/problem+json',
    });
    expect(body).toMatchObject({
      status: 401,
      title: 'Unauthorized',
      detail: expect.stringContaining('Authorization'),
    });
  });

  it.each(['Basic bWU6c2VjcmV0', 'Digest username="me", realm="x", nonce="y"', 'Bearerish abc', ''])(
    'is answered 401 when it has other credentials: %s',
    async (authorization) => {
      const { status, challenge } = await ask(await start(), '/notes', authorization);
      expect([status, challenge]).toEqual([401, 'Bearer realm="notes"']);
    },
  );

  it('is answered 401 when the token is in the query (RFC 9700 §4.3.2, OAuth 2.1 §5.1)', async () => {
    const { status, challenge } = await ask(await start(), `/notes?access_token=${await userToken()}`);
    expect([status, challenge]).toEqual([401, 'Bearer realm="notes"']);
  });

  it.each(['application/json', 'application/x-www-form-urlencoded'])(
    'is answered 401 when the token is in a body of type %s (OAuth 2.1 §5.1)',
    async (type) => {
      const access_token = await userToken({ scope: 'notes:read notes:write' });
      const payload = type.endsWith('json') ? JSON.stringify({ access_token }) : `access_token=${access_token}`;
      const headers = { 'content-type': type };
      const answer = await (await start()).inject({ method: 'POST', url: '/notes', headers, payload });
      expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([401, 'Bearer realm="notes"']);
    },
  );
});

describe('a malformed header', () => {
  it.each(['Bearer', 'Bearer a b', 'Bearer  a'])(
    'is answered 400 invalid_request: %s (RFC 6750 §3.1)',
    async (authorization) => {
      const { status, challenge, type } = await ask(await start(), '/notes', authorization);
      expect({ status, challenge, type }).toEqual({
        status: 400,
        challenge:
          'Bearer realm="notes", error="invalid_request", error_description="the Authorization header is malformed"',
        type: 'application/problem+json',
      });
    },
  );
});

describe('an invalid token', () => {
  it.each<[string, () => Promise<string> | string, string]>([
    ['garbage', () => 'garbage', 'the token is not a signed JWT'],
    [
      'alg none',
      () => `${encoded({ alg: 'none', typ: 'at+jwt', kid: 'key-1' })}.${encoded(USER_CLAIMS)}.`,
      'the signature algorithm of the token is not accepted',
    ],
    ['an ID token', () => issuer.sign(USER_CLAIMS, { typ: 'JWT' }), 'the token is not an access token (typ)'],
    ['expired', () => userToken({ exp: NOW - 60 }), 'the token has expired'],
    ['another audience', () => userToken({ aud: 'https://other.example' }), 'the token is for another audience'],
    ['revoked', () => userToken({ jti: 'revoked' }), 'the token has been revoked'],
  ])('is answered 401 invalid_token with the reason: %s (RFC 6750 §3.1)', async (_, makeToken, description) => {
    const { status, challenge, body, type } = await ask(await start(), '/notes', `Bearer ${await makeToken()}`);
    expect({ status, challenge, type }).toEqual({
      status: 401,
      challenge: `Bearer realm="notes", error="invalid_token", error_description="${description}"`,
      type: 'application/problem+json',
    });
    const detail = `${description[0]?.toUpperCase()}${description.slice(1)}.`;
    expect(body).toMatchObject({ status: 401, title: 'Unauthorized', detail });
  });
});

describe('a fault of the infrastructure', () => {
  it('is answered 503 with Retry-After and no challenge, never 401: revocations', async () => {
    const app = await start();
    const authorization = `Bearer ${await userToken({ jti: 'fault' })}`;
    const { statusCode, headers } = await app.inject({ url: '/notes', headers: { authorization } });
    expect(statusCode).toBe(503);
    expect(headers['retry-after']).toBeDefined();
    expect(headers['www-authenticate']).toBeUndefined();
  });

  it('is answered 503, never 401: keys', async () => {
    const keys = { find: () => Promise.reject(new DependencyUnavailableError('authorization server')) };
    const { status } = await ask(await startTestApp(keys), '/notes', `Bearer ${await userToken()}`);
    expect(status).toBe(503);
  });

  it('is answered 500 when the error is unknown, without its details', async () => {
    const keys = { find: () => Promise.reject(new TypeError('secret detail')) };
    const { status, body } = await ask(await startTestApp(keys), '/notes', `Bearer ${await userToken()}`);
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('secret detail');
  });
});

describe('an app that shuts down', () => {
  it('still accepts tokens of every scheme while its listener is open', async () => {
    const key = await DpopKey.generate();
    const [bearer, bound] = [await userToken(), await userToken({ cnf: { jkt: key.jkt } })];
    const dpop = await key.proof({
      method: 'GET',
      url: `${RESOURCE}/notes`,
      accessToken: bound,
      claims: { iat: NOW },
    });
    const statuses: number[] = [];

    /** Sends requests when everything that a module releases before the listener closes has been released. */
    @Injectable()
    class LateCaller implements BeforeApplicationShutdown {
      async beforeApplicationShutdown(): Promise<void> {
        const url = `${await app.getUrl()}/notes`;
        const requests: Record<string, string>[] = [
          { authorization: `Bearer ${bearer}` },
          { authorization: `DPoP ${bound}`, dpop },
          {},
        ];
        for (const headers of requests) statuses.push((await fetch(url, { headers })).status);
      }
    }

    const app = await start({ usedProofs: { setIfAbsent: async () => true }, providers: [LateCaller] });
    await app.listen(0, '127.0.0.1');
    await app.close();
    expect(statuses).toEqual([200, 200, 401]);
  });
});
