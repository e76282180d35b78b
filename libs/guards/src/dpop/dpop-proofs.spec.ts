import { DpopKey } from '@trefoil/testing';
import { createHmac } from 'node:crypto';
import { encoded } from '../testing/test-issuer.js';
import { PROOF_CLOCK_TOLERANCE_SECONDS, PROOF_LIFETIME_SECONDS } from './check-proof-time.js';
import { type DpopOptions, DpopProofs } from './dpop-proofs.js';
import { InvalidProofError } from './invalid-proof-error.js';
import { NONCE_WINDOW_SECONDS } from './proof-nonces.js';

const NOW = 1_800_000_000;
const BASE = 'https://server.example/base';
const URL = `${BASE}/token`;
const TOKEN = 'an-access-token';

let key: DpopKey;
beforeAll(async () => {
  key = await DpopKey.generate();
});

/** A store that the replicas share. */
const usedProofs = () => {
  const keys = new Set<string>();
  return { setIfAbsent: async (name: string) => !keys.has(name) && Boolean(keys.add(name)) };
};
type Used = ConstructorParameters<typeof DpopProofs>[1];
const server = (options: Partial<DpopOptions> = {}, used: Used = usedProofs(), now = NOW) =>
  new DpopProofs({ publicUrl: BASE, ...options }, used, () => now * 1000);

type Changes = Partial<Parameters<DpopKey['proof']>[0]>;
const proofOf = ({ claims, ...changes }: Changes = {}, by = key) =>
  by.proof({ url: URL, claims: { iat: NOW, ...claims }, ...changes });
const request = (dpop: string | string[]) => ({ method: 'POST', url: '/token?a=b', headers: { dpop } });
const read = (dpop: string | string[], accessToken?: string, by = server()) => by.read(request(dpop), accessToken);
const refusal = async (dpop: string | string[], accessToken?: string, by?: DpopProofs): Promise<string> => {
  const error: unknown = await read(dpop, accessToken, by).catch((thrown: unknown) => thrown);
  if (error instanceof InvalidProofError) return `${error.code}: ${error.message}`;
  throw new Error('the proof was not refused', { cause: error });
};
const INVALID = 'invalid_dpop_proof: ';

describe('a proof', () => {
  it('is returned with the thumbprint of the sender’s key (RFC 9449 §6.1)', async () =>
    expect(await read(await proofOf())).toMatchObject({ jkt: key.jkt, alg: 'ES256' }));

  it('is undefined when the request has none', async () =>
    expect(await server().read({ method: 'POST', url: '/token', headers: {} })).toBeUndefined());

  it.each(['ES256', 'PS256', 'RS256', 'EdDSA'])('may be signed with %s', async (algorithm) => {
    const other = await DpopKey.generate(algorithm);
    expect(await read(await proofOf({}, other))).toMatchObject({ jkt: other.jkt, alg: algorithm });
  });

  it.each([`${URL}?query#fragment`, 'HTTPS://SERVER.example:443/base/token'])(
    'may have the htu %s (RFC 9449 §4.3)',
    async (htu) => expect(await read(await proofOf({ claims: { htu } }))).toBeDefined(),
  );
});

describe('a proof is refused (RFC 9449 §4.3)', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['typ JWT', { typ: 'JWT' }, 'typ'],
    ['no typ', { typ: undefined }, 'typ'],
    ['no jwk', { jwk: undefined }, 'no public key'],
    ['a jwk that is a string', { jwk: 'key' }, 'no public key'],
    ['a jwk of another type', { jwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }, 'not a key for its algorithm'],
    [
      'a jwk with a point that is not on the curve',
      { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } },
      'not a key',
    ],
    ['jku', { jku: 'https://attacker.example/keys' }, 'must not have jku'],
    ['x5u', { x5u: 'https://attacker.example/key' }, 'must not have x5u'],
    ['x5c', { x5c: ['MIIB'] }, 'must not have x5c'],
  ])('with %s', async (_, header, reason) => {
    expect(await refusal(await proofOf({ header }))).toMatch(new RegExp(`^${INVALID}.*${reason}`));
  });

  it('with a private key in jwk', async () =>
    expect(await refusal(await proofOf({ header: { jwk: key.privateJwk } }))).toContain('must be a public key'));

  it('with a symmetric key in jwk', async () => {
    const jwk = { kty: 'oct', k: 'c2VjcmV0' };
    expect(await refusal(await proofOf({ header: { jwk } }))).toContain('must be a public key');
  });

  it('with an RSA key that is too short', async () => {
    const jwk = { kty: 'RSA', n: 'x'.repeat(171), e: 'AQAB' };
    const proof = `${encoded({ typ: 'dpop+jwt', alg: 'RS256', jwk })}.${encoded({})}.AAAA`;
    expect(await refusal(proof)).toMatch(/^invalid_dpop_proof/);
  });

  it('with an RSA key that is too long', async () => {
    const jwk = { kty: 'RSA', n: 'x'.repeat(5000), e: 'AQAB' };
    const proof = `${encoded({ typ: 'dpop+jwt', alg: 'RS256', jwk })}.${encoded({})}.AAAA`;
    expect(await refusal(proof)).toContain('not a key for its algorithm');
  });

  it('with alg none', async () => {
    const proof = await proofOf();
    const header = encoded({ typ: 'dpop+jwt', alg: 'none', jwk: key.publicJwk });
    expect(await refusal(`${header}.${proof.split('.')[1]}.`)).toContain('algorithm');
  });

  it('with alg HS256 and the public key as secret', async () => {
    const signed = `${encoded({ typ: 'dpop+jwt', alg: 'HS256', jwk: key.publicJwk })}.${encoded({})}`;
    const mac = createHmac('sha256', JSON.stringify(key.publicJwk)).update(signed).digest('base64url');
    expect(await refusal(`${signed}.${mac}`)).toContain('algorithm');
  });

  it('with the signature of another key', async () => {
    const other = await DpopKey.generate();
    expect(await refusal(await proofOf({ header: { jwk: other.publicJwk } }))).toContain('signature');
  });

  it.each(['', 'garbage', 'a.b.c', '....', '{}'])('that is not a JWT: %j', async (proof) =>
    expect(await refusal(proof)).toMatch(/^invalid_dpop_proof: the DPoP proof is not a signed JWT/),
  );

  it('that is too long', async () =>
    expect(await refusal(await proofOf({ claims: { more: 'x'.repeat(8192) } }))).toContain('too long'));

  it.each<[string, Record<string, unknown>, string]>([
    ['another htm', { htm: 'GET' }, 'htm'],
    ['an htm in lower case', { htm: 'post' }, 'htm'],
    ['no htm', { htm: undefined }, 'htm'],
    ['another htu', { htu: `${BASE}/userinfo` }, 'htu'],
    ['the htu of another host', { htu: 'https://other.example/base/token' }, 'htu'],
    ['an htu that is not a URL', { htu: '/token' }, 'htu'],
    ['no htu', { htu: undefined }, 'htu'],
    ['no iat', { iat: undefined }, 'iat'],
    ['an iat that is a string', { iat: String(NOW) }, 'iat'],
    ['an old iat', { iat: NOW - PROOF_LIFETIME_SECONDS - 1 }, 'too old'],
    ['an iat in the future', { iat: NOW + PROOF_CLOCK_TOLERANCE_SECONDS + 1 }, 'future'],
    ['no jti', { jti: undefined }, 'jti'],
    ['an empty jti', { jti: '' }, 'jti'],
    ['a jti of more than 256 characters', { jti: 'x'.repeat(257) }, 'jti'],
    ['a nonce that is a number', { nonce: 1 }, 'nonce'],
  ])('with %s', async (_, claims, reason) => {
    expect(await refusal(await proofOf({ claims }))).toMatch(new RegExp(`^${INVALID}.*${reason}`));
  });

  it.each([
    ['when it is as old as its lifetime', NOW - PROOF_LIFETIME_SECONDS],
    ['when the clock of the client is slightly ahead', NOW + PROOF_CLOCK_TOLERANCE_SECONDS],
  ])('but not %s', async (_, iat) => expect(await read(await proofOf({ claims: { iat } }))).toBeDefined());

  it('when the request has several (RFC 9449 §4.3)', async () => {
    const proofs = [await proofOf(), await proofOf()];
    expect(await refusal(proofs)).toContain('one DPoP header');
    expect(await refusal(proofs.join(', '))).toContain('one DPoP header');
  });

  it('with the ath of another access token, or without ath, at a resource server', async () => {
    expect(await refusal(await proofOf({ accessToken: 'another' }), TOKEN)).toContain('ath');
    expect(await refusal(await proofOf(), TOKEN)).toContain('ath');
    expect(await read(await proofOf({ accessToken: TOKEN }), TOKEN)).toBeDefined();
  });
});

describe('a used proof', () => {
  it('is refused by the same server and by every replica (RFC 9449 §11.1)', async () => {
    const used = usedProofs();
    const [one, other] = [server({}, used), server({}, used)];
    const proof = await read(await proofOf(), undefined, one);
    if (!proof) throw new Error('there is a proof');
    await one.use(proof);
    await expect(one.use(proof)).rejects.toThrow('used before');
    await expect(other.use(proof)).rejects.toThrow('used before');
  });

  it('is remembered until it can no longer be replayed', async () => {
    const ttls: number[] = [];
    const used = { setIfAbsent: async (_key: string, _value: unknown, ttl: number) => ttls.push(ttl) > 0 };
    const by = server({}, used);
    const proof = await read(await proofOf({ claims: { iat: NOW + 20 } }), undefined, by);
    if (proof) await by.use(proof);
    expect(ttls[0]).toBeGreaterThanOrEqual(PROOF_LIFETIME_SECONDS + 20);
  });

  it('does not affect a proof with the same jti and another key', async () => {
    const by = server();
    const claims = { jti: 'same' };
    for (const each of [key, await DpopKey.generate()]) {
      const proof = await read(await proofOf({ claims }, each), undefined, by);
      if (!proof) throw new Error('there is a proof');
      await by.use(proof);
    }
  });
});

it.each(['/userinfo', '/%75serinfo', '/userinfo?a=b', '/USERINFO/../userinfo'])(
  'refuses a proof used at another spelling of its URL: %s (RFC 9449 §11.1)',
  async (spelling) => {
    const by = server();
    const dpop = await proofOf({ claims: { htu: `${BASE}/userinfo` } });
    const first = await by.read({ method: 'POST', url: '/userinfo', headers: { dpop } });
    const again = await by.read({ method: 'POST', url: spelling, headers: { dpop } });
    if (!first || !again) throw new Error('both requests have the proof');
    await by.use(first);
    await expect(by.use(again)).rejects.toThrow('used before');
  },
);

describe('the nonce of a proof (RFC 9449 §8)', () => {
  const nonceKeys = [new Uint8Array(32).fill(1)];
  const offering = (now = NOW) => server({ nonceKeys }, usedProofs(), now);
  const requiring = () => server({ nonceKeys, nonceRequired: true });

  it('is required when the server requires nonces', async () => {
    expect(await refusal(await proofOf(), undefined, requiring())).toMatch(/^use_dpop_nonce: /);
    const nonce = requiring().nonce();
    expect(await read(await proofOf({ nonce }), undefined, requiring())).toBeDefined();
  });

  it('is optional when the server only offers nonces', async () =>
    expect(await read(await proofOf(), undefined, offering())).toBeDefined());

  it('must be a current nonce of the server whenever a proof has one', async () => {
    expect(await refusal(await proofOf({ nonce: 'made up' }), undefined, offering())).toMatch(/^use_dpop_nonce: /);
    const old = offering(NOW - 2 * NONCE_WINDOW_SECONDS).nonce();
    expect(await refusal(await proofOf({ nonce: old }), undefined, offering())).toMatch(/^use_dpop_nonce: /);
  });

  it.each([-86_400, 86_400])(
    'shows that the proof is recent, also when the clock of the client is wrong by %i s (RFC 9449 §4.3 item 11, §8)',
    async (seconds) => {
      const claims = { iat: NOW + seconds };
      expect(await read(await proofOf({ claims, nonce: requiring().nonce() }), undefined, requiring())).toBeDefined();
      expect(await read(await proofOf({ claims, nonce: offering().nonce() }), undefined, offering())).toBeDefined();
      expect(await refusal(await proofOf({ claims }), undefined, offering())).toMatch(/^invalid_dpop_proof: .*iat/);
    },
  );

  it('does not replace the iat at a server that issues no nonces (RFC 9449 §4.3 item 11)', async () => {
    const claims = { iat: NOW - 3600 };
    expect(await refusal(await proofOf({ claims, nonce: 'of another server' }))).toContain('too old');
  });

  it('decides for how long a used proof is remembered: until the nonce is no longer accepted', async () => {
    const expiries: number[] = [];
    const used = {
      setIfAbsent: async (_key: string, _value: unknown, ttl: number) => expiries.push(ttl) > 0,
    };
    const by = server({ nonceKeys }, used);
    const proof = await read(await proofOf({ claims: { iat: NOW - 86_400 }, nonce: by.nonce() }), undefined, by);
    if (!proof) throw new Error('there is a proof');
    await by.use(proof);
    const firstRefusal = NOW + (expiries[0] ?? 0);
    expect(await refusal(await proofOf({ nonce: by.nonce() }), undefined, offering(firstRefusal))).toMatch(
      /^use_dpop_nonce: /,
    );
  });

  it('cannot be required without a key to make it', () =>
    expect(() => server({ nonceRequired: true })).toThrow('no key'));
});
