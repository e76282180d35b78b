import { DpopKey } from '@trefoil/testing';
import { ask, startTestApp, stopTestApps } from '../testing/test-app.js';
import { NOW, RESOURCE, TestIssuer } from '../testing/test-issuer.js';

const BEARER = 'Bearer realm="notes"';
const DPOP = 'DPoP realm="notes"';
const ALGS = 'algs="ES256 PS256 RS256 EdDSA"';
const NOTES = `${RESOURCE}/notes`;

let issuer: TestIssuer;
let key: DpopKey;
beforeAll(async () => {
  issuer = await TestIssuer.create();
  key = await DpopKey.generate();
});
afterEach(stopTestApps);

const usedProofs = () => {
  const keys = new Set<string>();
  return { setIfAbsent: async (name: string) => !keys.has(name) && Boolean(keys.add(name)) };
};
const start = (options: Parameters<typeof startTestApp>[1] = {}) =>
  startTestApp(issuer, { usedProofs: usedProofs(), ...options });
const boundToken = (claims = {}) => issuer.userToken({ scope: 'notes:read', cnf: { jkt: key.jkt }, ...claims });
const bearerToken = () => issuer.userToken({ scope: 'notes:read' });
const proofFor = (accessToken: string, changes: Partial<Parameters<DpopKey['proof']>[0]> = {}, by = key) =>
  by.proof({ method: 'GET', url: NOTES, accessToken, ...changes, claims: { iat: NOW, ...changes.claims } });
const refusalOf = (error: string, description: string) =>
  `${BEARER}, ${DPOP}, error="${error}", error_description="${description}", ${ALGS}`;

describe('a bound token with its proof', () => {
  it('is accepted, and its handler receives the token (RFC 9449 §7.1)', async () => {
    const token = await boundToken();
    const { status, body } = await ask(await start(), '/notes', `DPoP ${token}`, { dpop: await proofFor(token) });
    expect(status).toBe(200);
    expect(body).toMatchObject({ scopes: ['notes:read'], token });
  });

  it.each(['dpop', 'DPOP'])('may write the scheme as %s (RFC 9110 §11.1)', async (scheme) => {
    const token = await boundToken();
    const { status } = await ask(await start(), '/notes', `${scheme} ${token}`, { dpop: await proofFor(token) });
    expect(status).toBe(200);
  });

  it('must name the URL of the server, not that of the Host header (RFC 9449 §4.3)', async () => {
    const token = await boundToken();
    const app = await start();
    const forged = await proofFor(token, { url: 'https://attacker.example/notes' });
    const headers = { dpop: forged, host: 'attacker.example' };
    const { status, challenge } = await ask(app, '/notes', `DPoP ${token}`, headers);
    expect(status).toBe(401);
    expect(challenge).toContain('(htu)');
  });

  it('is answered 403 in the DPoP scheme when it does not fulfil the rule of the route (RFC 6750 §3.1)', async () => {
    const token = await boundToken({ scope: 'other' });
    const { status, challenge } = await ask(await start(), '/notes', `DPoP ${token}`, { dpop: await proofFor(token) });
    expect(status).toBe(403);
    expect(challenge).toMatch(/^DPoP realm="notes", .*scope="notes:read", error="insufficient_scope", algs="/);
  });
});

describe('a request is answered 401', () => {
  it('without a token, with a challenge for both schemes (RFC 9449 §7.2)', async () => {
    const { status, challenge, nonce } = await ask(await start(), '/notes');
    expect({ status, challenge, nonce }).toEqual({
      status: 401,
      challenge: `${BEARER}, ${DPOP}, ${ALGS}`,
      nonce: undefined,
    });
  });

  it('with a bound token in the Bearer scheme, a downgrade (RFC 9449 §7.2)', async () => {
    const app = await start();
    const token = await boundToken();
    const description = 'the token is bound to a key, and is not accepted as a bearer token';
    const expected = `${BEARER}, error="invalid_token", error_description="${description}", ${DPOP}, ${ALGS}`;
    for (const more of [undefined, { dpop: await proofFor(token) }]) {
      const { status, challenge } = await ask(app, '/notes', `Bearer ${token}`, more);
      expect([status, challenge]).toEqual([401, expected]);
    }
  });

  it('with a bearer token in the DPoP scheme (RFC 9449 §7.1)', async () => {
    const token = await bearerToken();
    const { status, challenge } = await ask(await start(), '/notes', `DPoP ${token}`, { dpop: await proofFor(token) });
    expect(status).toBe(401);
    expect(challenge).toBe(refusalOf('invalid_token', 'the token is a bearer token, and is not bound to a key'));
  });

  it('with a bound token and no proof (RFC 9449 §7.1)', async () => {
    const { status, challenge } = await ask(await start(), '/notes', `DPoP ${await boundToken()}`);
    expect([status, challenge]).toEqual([401, refusalOf('invalid_dpop_proof', 'the request has no DPoP proof')]);
  });

  it('with a bound token and the proof of another key (RFC 9449 §7.1)', async () => {
    const token = await boundToken();
    const dpop = await proofFor(token, {}, await DpopKey.generate());
    const { status, challenge } = await ask(await start(), '/notes', `DPoP ${token}`, { dpop });
    expect(status).toBe(401);
    expect(challenge).toContain('error="invalid_token"');
  });

  it.each([{}, { 'x5t#S256': 'certificate' }, { jkt: 'x', 'x5t#S256': 'certificate' }, { jkt: 7 }])(
    'with a token whose confirmation method is not supported: %j (RFC 7800 §3.1)',
    async (cnf) => {
      const app = await start();
      const token = await boundToken({ cnf });
      expect((await ask(app, '/notes', `DPoP ${token}`, { dpop: await proofFor(token) })).status).toBe(401);
      expect((await ask(app, '/notes', `Bearer ${token}`)).status).toBe(401);
    },
  );

  it('with a used proof, also at another replica (RFC 9449 §11.1)', async () => {
    const shared = usedProofs();
    const [one, other] = [await start({ usedProofs: shared }), await start({ usedProofs: shared })];
    const token = await boundToken();
    const headers = { dpop: await proofFor(token) };
    expect((await ask(one, '/notes', `DPoP ${token}`, headers)).status).toBe(200);
    for (const app of [one, other]) {
      const { status, challenge } = await ask(app, '/notes', `DPoP ${token}`, headers);
      expect([status, challenge]).toEqual([
        401,
        refusalOf('invalid_dpop_proof', 'the DPoP proof was used before (jti)'),
      ]);
    }
  });

  it('with a bound token at a server that does not support DPoP', async () => {
    const app = await startTestApp(issuer);
    const token = await boundToken();
    for (const scheme of ['Bearer', 'DPoP']) {
      const { status } = await ask(app, '/notes', `${scheme} ${token}`, { dpop: await proofFor(token) });
      expect(status).toBe(401);
    }
  });
});

it.each(['DPoP', 'DPoP a b', 'DPoP ä'])(
  'a malformed header is answered 400 invalid_request: %s (RFC 6750 §3.1)',
  async (header) => {
    const { status, challenge } = await ask(await start(), '/notes', header);
    expect(status).toBe(400);
    expect(challenge).toContain('error="invalid_request"');
  },
);

describe('the nonce (RFC 9449 §9)', () => {
  const nonceKeys = [new Uint8Array(32).fill(1)];

  it('is required with use_dpop_nonce, and a proof with it is accepted', async () => {
    const app = await start({ dpop: { publicUrl: RESOURCE, nonceKeys, nonceRequired: true } });
    const token = await boundToken();
    const first = await ask(app, '/notes', `DPoP ${token}`, { dpop: await proofFor(token) });
    expect([first.status, first.challenge]).toEqual([401, refusalOf('use_dpop_nonce', 'the DPoP proof has no nonce')]);
    const dpop = await proofFor(token, { nonce: String(first.nonce) });
    const second = await ask(app, '/notes', `DPoP ${token}`, { dpop });
    expect([second.status, second.nonce]).toEqual([200, first.nonce]);
  });

  it('is sent with every response to a DPoP request, and with no other response', async () => {
    const app = await start({ dpop: { publicUrl: RESOURCE, nonceKeys } });
    const token = await boundToken();
    expect((await ask(app, '/notes', `DPoP ${token}`, { dpop: await proofFor(token) })).nonce).toBeDefined();
    expect((await ask(app, '/notes', `Bearer ${await bearerToken()}`)).nonce).toBeUndefined();
  });
});

it('a request is answered 5xx, and neither 401 nor 200, when the store is down', async () => {
  const failing = { setIfAbsent: () => Promise.reject(new Error('the database is down')) };
  const token = await boundToken();
  const app = await start({ usedProofs: failing });
  expect((await ask(app, '/notes', `DPoP ${token}`, { dpop: await proofFor(token) })).status).toBe(500);
});
