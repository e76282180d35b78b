import { createHmac } from 'node:crypto';
import { CompactSign, exportSPKI } from 'jose';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { NoRevocations, type RevocationList } from '../revocation/revocation-list.js';
import { encoded, ISSUER, NOW, RESOURCE, TestIssuer, USER_CLAIMS } from '../testing/test-issuer.js';

let issuer: TestIssuer;
let verifier: AccessTokenVerifier;

beforeAll(async () => {
  issuer = await TestIssuer.create();
  verifier = verifierOf(issuer);
});

const options = { issuer: ISSUER, resource: RESOURCE, now: () => NOW * 1000 };
const verifierOf = (keys: TestIssuer) => new AccessTokenVerifier(keys, new NoRevocations(), options);
const listOf = (isRevoked: RevocationList['isRevoked']) => Object.assign(new NoRevocations(), { isRevoked });
const kid = 'key-1';

/** Returns a user's token whose header and signature an attacker made. */
const forged = (header: object, sign: (signed: string) => string): string => {
  const signed = `${encoded(header)}.${encoded(USER_CLAIMS)}`;
  return `${signed}.${sign(signed)}`;
};

describe('a valid token', () => {
  it('is returned with its claims and scopes', async () => {
    const token = await issuer.userToken();
    const verified = await verifier.verify(token);
    const scopes = new Set(['contacts:read', 'contacts:write']);
    expect(verified).toEqual({ token, claims: USER_CLAIMS, scopes, roles: new Set(), subject: 'user' });
  });

  it.each(['ES256', 'PS256', 'RS256', 'EdDSA'] as const)('may be signed with %s', async (alg) => {
    const signer = await TestIssuer.create('key-1', alg);
    await expect(verifierOf(signer).verify(await signer.userToken())).resolves.toHaveProperty('claims.sub');
  });

  it.each(['AT+JWT', 'application/at+jwt'])('may have the type %s (RFC 9068 §4)', async (typ) => {
    await expect(verifier.verify(await issuer.sign(USER_CLAIMS, { typ }))).resolves.toHaveProperty('claims.sub');
  });

  it('may have a list with one audience (RFC 7519 §4.1.3)', async () => {
    const { claims } = await verifier.verify(await issuer.userToken({ aud: [RESOURCE] }));
    expect(claims.aud).toBe(RESOURCE);
  });

  it('is returned with the public sub of its user when its own is pairwise (OpenID Connect Core §8)', async () => {
    const subjects = { find: async () => 'alice' };
    const resolving = new AccessTokenVerifier(issuer, new NoRevocations(), options, subjects);
    const token = await issuer.userToken({ sub: 'pairwise', subject_type: 'pairwise' });
    expect((await resolving.verify(token)).claims.sub).toBe('alice');
  });

  it('may have no scope (RFC 9068 §2.2.3)', async () => {
    const { claims, scopes } = await verifier.verify(await issuer.userToken({ scope: undefined }));
    expect([claims.scope, scopes.size]).toEqual(['', 0]);
  });

  it.each<[string, object]>([
    ['iat 30 s ahead', { iat: NOW + 30 }],
    ['nbf 30 s ahead', { nbf: NOW + 30 }],
    ['exp 29 s ago', { exp: NOW - 29 }],
  ])('is accepted with a clock skew of 30 s in either direction: %s', async (_, claims) => {
    await expect(verifier.verify(await issuer.userToken(claims))).resolves.toHaveProperty('claims.sub');
  });
});

describe('refuses a token', () => {
  it.each([
    ['that is not a JWT', 'garbage'],
    ['with two parts', 'a.b'],
    ['that is opaque', 'tfr_AAAA'],
    ['whose header is not JSON', `${Buffer.from('{').toString('base64url')}.e30.AAAA`],
    ['whose header is a list', `${encoded([])}.e30.AAAA`],
    ['that is encrypted', `${encoded({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.a.b.c.d`],
    ['that is very long', 'x'.repeat(100_000)],
  ])('%s', async (_, token) => {
    await expect(verifier.verify(token)).rejects.toMatchObject({ name: 'InvalidTokenError' });
  });

  it.each(['none', 'None', 'NONE'])('without a signature, alg %s (RFC 8725 §2.1, RFC 9068 §4)', async (alg) => {
    const token = forged({ alg, typ: 'at+jwt', kid }, () => '');
    await expect(verifier.verify(token)).rejects.toThrow('the signature algorithm of the token is not accepted');
  });

  it('signed with HS256 and the public key as its secret (RFC 8725 §2.1)', async () => {
    const secret = await exportSPKI(issuer.pair.publicKey);
    const token = forged({ alg: 'HS256', typ: 'at+jwt', kid }, (signed) =>
      createHmac('sha256', secret).update(signed).digest('base64url'),
    );
    await expect(verifier.verify(token)).rejects.toThrow('the signature algorithm of the token is not accepted');
  });

  it('signed with an algorithm that its key does not allow (RFC 8725 §3.1)', async () => {
    const rsa = await TestIssuer.create('key-1', 'PS256');
    await expect(verifier.verify(await rsa.userToken())).rejects.toThrow('a key that the issuer does not publish');
  });

  it('signed by someone else under the id of a published key', async () => {
    const stranger = await TestIssuer.create();
    await expect(verifier.verify(await stranger.userToken())).rejects.toThrow(
      'the signature of the token does not match',
    );
  });

  it('that contains its own key (RFC 8725 §2.10)', async () => {
    const stranger = await TestIssuer.create();
    const jwk = await stranger.publicJwk();
    const token = await stranger.sign(USER_CLAIMS, { jwk, jku: 'https://evil.example/jwks' });
    await expect(verifier.verify(token)).rejects.toThrow('the signature of the token does not match');
  });

  it('whose claims were changed after it was signed', async () => {
    const [header, , signature] = (await issuer.userToken()).split('.');
    const token = `${header}.${encoded({ ...USER_CLAIMS, sub: 'admin' })}.${signature}`;
    await expect(verifier.verify(token)).rejects.toThrow('the signature of the token does not match');
  });

  it('signed with a key that is not published', async () => {
    const token = await issuer.sign(USER_CLAIMS, { kid: 'key-2' });
    await expect(verifier.verify(token)).rejects.toThrow('a key that the issuer does not publish');
  });

  it('that does not name its key', async () => {
    const token = await issuer.sign(USER_CLAIMS, { kid: undefined });
    await expect(verifier.verify(token)).rejects.toThrow('the token does not name its key (kid)');
  });

  it.each(['JWT', 'logout+jwt', 'at+jwt+x', undefined])('of type %s (RFC 9068 §4, RFC 8725 §3.11)', async (typ) => {
    const token = await issuer.sign(USER_CLAIMS, { typ });
    await expect(verifier.verify(token)).rejects.toThrow('the token is not an access token (typ)');
  });

  it('that demands an extension (RFC 7515 §4.1.11)', async () => {
    const token = forged({ alg: 'ES256', typ: 'at+jwt', kid, crit: ['exp'] }, () => 'AAAA');
    await expect(verifier.verify(token)).rejects.toThrow('the token demands an extension that is not supported');
  });

  it('whose payload is not a set of claims', async () => {
    const token = await new CompactSign(new TextEncoder().encode('"text"'))
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
      .sign(issuer.pair.privateKey);
    await expect(verifier.verify(token)).rejects.toThrow('the token is not a signed JWT');
  });

  it.each<[string, object, string]>([
    ['from another issuer (RFC 9068 §4)', { iss: 'https://evil.example' }, 'the token is from another issuer'],
    ['from an issuer with a similar URL', { iss: `${ISSUER}/` }, 'the token is from another issuer'],
    ['for another audience (RFC 9068 §4)', { aud: 'https://other.example' }, 'the token is for another audience'],
    ['for several audiences (RFC 9068 §5)', { aud: [RESOURCE, 'https://other.example'] }, 'for another audience'],
    ['for an audience with a similar URL', { aud: `${RESOURCE}/` }, 'the token is for another audience'],
    ['for no audience', { aud: undefined }, 'the token is for another audience'],
    ['for an empty list of audiences', { aud: [] }, 'the token is for another audience'],
    ['that has expired (RFC 9068 §4)', { exp: NOW - 30 }, 'the token has expired'],
    ['that never expires', { exp: undefined }, 'the token has no expiry (exp)'],
    ['whose exp is a string', { exp: String(NOW + 60) }, 'the token has no expiry (exp)'],
    ['that is not valid yet (RFC 7519 §4.1.5)', { nbf: NOW + 31 }, 'the token is not valid yet'],
    ['whose nbf is a string', { nbf: '0' }, 'the token is not valid yet'],
    ['issued in the future', { iat: NOW + 31 }, 'the token was issued in the future'],
    ['without iat (RFC 9068 §2.2)', { iat: undefined }, 'the token has no time of issue (iat)'],
    ['without sub (RFC 9068 §2.2)', { sub: undefined }, 'the token has no subject (sub)'],
    ['with an empty sub', { sub: '' }, 'the token has no subject (sub)'],
    ['without client_id (RFC 9068 §2.2)', { client_id: undefined }, 'the token has no client (client_id)'],
    ['without jti (RFC 9068 §2.2)', { jti: undefined }, 'the token has no id (jti)'],
    ['whose scope is a list', { scope: ['contacts:read'] }, 'the scope of the token is not a string'],
    [
      'whose client_generation is a string',
      { client_generation: '1' },
      'the client generation of the token is not an integer',
    ],
    ['whose origins are not a list', { origins: 'jti-0' }, 'the origins of the token are malformed'],
    [
      'with an origin without an id',
      { origins: [{ client_id: 'frontend' }] },
      'the origins of the token are malformed',
    ],
    ['bound to a key (RFC 9449 §7.1)', { cnf: { jkt: 'thumbprint' } }, 'the token is bound to a key'],
    [
      'bound to a certificate (RFC 8705 §3)',
      { cnf: { 'x5t#S256': 'thumbprint' } },
      'the token is bound to a client certificate, and the connection has none',
    ],
    ['bound in an unknown way (RFC 7800 §3.1)', { cnf: { 'x5t#S512': 'x' } }, 'in a way that is not supported'],
    ['bound to nothing (RFC 7800 §3.1)', { cnf: {} }, 'in a way that is not supported'],
    [
      'bound to a key and to a certificate (RFC 7800 §3.1)',
      { cnf: { jkt: 'thumbprint', 'x5t#S256': 'thumbprint' } },
      'in a way that is not supported',
    ],
    ['bound to a certificate by a number (RFC 8705 §3.1)', { cnf: { 'x5t#S256': 1 } }, 'that is not supported'],
  ])('%s', async (_, claims, description) => {
    await expect(verifier.verify(await issuer.userToken(claims))).rejects.toThrow(description);
  });

  it('bound to another certificate than that of the connection (RFC 8705 §3)', async () => {
    const token = await issuer.userToken({ cnf: { 'x5t#S256': 'thumbprint' } });
    await expect(verifier.verify(token, { certificate: 'other' })).rejects.toThrow('bound to a different certificate');
    await expect(verifier.verify(token, { jkt: 'thumbprint' })).rejects.toThrow('is not bound to a key');
  });

  it('that has been revoked', async () => {
    const revocations = listOf(async ({ jti }) => jti === 'jti-1');
    const strict = new AccessTokenVerifier(issuer, revocations, options);
    await expect(strict.verify(await issuer.userToken())).rejects.toThrow('the token has been revoked');
    await expect(strict.verify(await issuer.userToken({ jti: 'jti-2' }))).resolves.toHaveProperty(
      'claims.jti',
      'jti-2',
    );
  });
});

describe('the revocation list', () => {
  it('receives the token and the method of the request', async () => {
    const asked: unknown[] = [];
    const list = listOf(async (...question) => Boolean(asked.push(question)) && false);
    const token = await issuer.userToken();
    await new AccessTokenVerifier(issuer, list, options).verify(token, { method: 'GET' });
    expect(asked).toEqual([[USER_CLAIMS, { token, method: 'GET' }]]);
  });
});

describe('a fault of the infrastructure', () => {
  const fault = new Error('the database is down');

  it('is not reported as an invalid token: keys', async () => {
    const keys = { find: () => Promise.reject(fault) };
    const faulty = new AccessTokenVerifier(keys, new NoRevocations(), options);
    await expect(faulty.verify(await issuer.userToken())).rejects.toBe(fault);
  });

  it('is not reported as an invalid token: revocations', async () => {
    const faulty = new AccessTokenVerifier(
      issuer,
      listOf(() => Promise.reject(fault)),
      options,
    );
    await expect(faulty.verify(await issuer.userToken())).rejects.toBe(fault);
  });

  it('is not reported as an invalid token: a key of the wrong type', async () => {
    const { pair } = await TestIssuer.create('key-1', 'RS256');
    const keys = { find: () => Promise.resolve(pair.publicKey) };
    const faulty = new AccessTokenVerifier(keys, new NoRevocations(), options);
    await expect(faulty.verify(await issuer.userToken())).rejects.toMatchObject({ name: 'TypeError' });
  });

  it('does not affect a forged token, which is refused before the revocation list is asked', async () => {
    const faulty = new AccessTokenVerifier(
      issuer,
      listOf(() => Promise.reject(fault)),
      options,
    );
    const stranger = await TestIssuer.create();
    await expect(faulty.verify(await stranger.userToken())).rejects.toMatchObject({ name: 'InvalidTokenError' });
  });
});
