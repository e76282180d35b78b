import { generateSigningKey, IdTokenIssuer, type SigningKey, SigningKeys } from '@trefoil/token-issuance';
import { CompactSign, type CompactJWSHeaderParameters } from 'jose';
import { createHmac } from 'node:crypto';
import { IdTokenHintReader } from './id-token-hint-reader.js';

const ISSUER = 'https://id.example';
const claims = { iss: ISSUER, aud: 'client', sub: 'alice', sid: 'the-session', auth_time: 1, exp: 1 };

class Keys extends SigningKeys {
  constructor(private readonly keys: readonly SigningKey[]) {
    super();
  }
  override async current(): Promise<SigningKey> {
    return this.keys[0] as SigningKey;
  }
  override async published(): Promise<readonly SigningKey[]> {
    return this.keys;
  }
}

let ours: SigningKey;
let foreign: SigningKey;
let reader: IdTokenHintReader;

beforeAll(async () => {
  [ours, foreign] = await Promise.all([generateSigningKey('ES256'), generateSigningKey('ES256')]);
  reader = new IdTokenHintReader(new Keys([ours]), { ISSUER });
});

function sign(payload: unknown, header: Partial<CompactJWSHeaderParameters> = {}, key = ours): Promise<string> {
  return new CompactSign(Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'ES256', kid: ours.kid, ...header })
    .sign(key.privateKey);
}

describe('IdTokenHintReader', () => {
  it('reads the session and the client of an expired ID token of this server (RP-Initiated Logout §4)', async () => {
    const issuer = new IdTokenIssuer(new Keys([ours]));
    const content = { aud: 'client', sub: 'alice', sid: 'the-session', auth_time: 0, lifetime: -3600 };
    const idToken = await issuer.issue(ISSUER, 'ES256', content);
    expect(await reader.read(idToken)).toEqual({ sub: 'alice', sid: 'the-session', clientIds: ['client'] });
  });

  it('reads an ID token of a client that gets no sid', async () => {
    expect(await reader.read(await sign({ ...claims, sid: undefined }))).toEqual({
      sub: 'alice',
      clientIds: ['client'],
    });
  });

  it.each<[string, () => string | Promise<string>]>([
    ['signed by another server', () => sign(claims, {}, foreign)],
    ['signed with an unknown kid', () => sign(claims, { kid: 'other' })],
    [
      'signed with the key in its own header (RFC 8725 §3.5)',
      () => sign(claims, { kid: undefined, jwk: foreign.publicJwk }, foreign),
    ],
    ['not signed (RFC 8725 §3.2)', () => `${base64url({ alg: 'none', kid: ours.kid })}.${base64url(claims)}.`],
    ['signed with our public key as a secret (RFC 8725 §2.1)', () => signedWithPublicKey()],
    ['issued by another server', () => sign({ ...claims, iss: 'https://other.example' })],
    ['an access token (RFC 8725 §3.11)', () => sign(claims, { typ: 'at+jwt' })],
    ['a signed userinfo response, which has no time of sign-in', () => sign({ ...claims, auth_time: undefined })],
    ['without a user', () => sign({ ...claims, sub: undefined })],
    ['without an audience', () => sign({ ...claims, aud: 7 })],
    ['not JSON inside', () => sign('not JSON')],
    ['an empty string', () => ''],
    ['only dots', () => '..'],
    ['of five parts', () => 'a.b.c.d.e'],
    ['cut short', async () => (await sign(claims)).slice(0, -3)],
  ])('refuses a token that is %s', async (_, make) => {
    expect(await reader.read(await make())).toBeUndefined();
  });

  it('throws when the keys cannot be read, and does not refuse the hint', async () => {
    const keys = new Keys([]);
    keys.published = () => Promise.reject(new Error('down'));
    await expect(new IdTokenHintReader(keys, { ISSUER }).read(await sign(claims))).rejects.toThrow('down');
  });
});

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function signedWithPublicKey(): string {
  const signed = `${base64url({ alg: 'HS256', kid: ours.kid })}.${base64url(claims)}`;
  const secret = ours.publicKey.export({ type: 'spki', format: 'pem' });
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
