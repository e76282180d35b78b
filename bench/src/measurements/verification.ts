import { AccessTokenVerifier, NoRevocations, VerificationKeys } from '@trefoil/guards';
import { jwtVerify, SignJWT } from 'jose';
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';

const ISSUER = 'https://auth.example.com';
const RESOURCE = 'https://api.example.com';

/** CPU time in microseconds for one verification of an access token. */
export interface VerificationFigures {
  /** By `jwtVerify` of jose alone. */
  readonly bare: number;
  /** By the guards of a resource server, for a token that they see for the first time. */
  readonly first: number;
  /** By the guards, for a token that they have accepted before. */
  readonly repeated: number;
}

class OneKey extends VerificationKeys {
  constructor(private readonly key: KeyObject) {
    super();
  }
  find(): Promise<KeyObject> {
    return Promise.resolve(this.key);
  }
}

/** Measures the verification of ES256 tokens in this process, without HTTP. */
export async function measureVerification(count: number): Promise<VerificationFigures> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: randomUUID(), client_id: 'frontend', scope: 'contacts:read', grant_id: randomUUID() };
  const tokens = await Promise.all(
    Array.from({ length: count }, () =>
      new SignJWT({ ...claims, jti: randomUUID() })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'key' })
        .setIssuer(ISSUER)
        .setAudience(RESOURCE)
        .setIssuedAt(now)
        .setExpirationTime(now + 600)
        .sign(privateKey),
    ),
  );
  const verifier = new AccessTokenVerifier(new OneKey(publicKey), new NoRevocations(), {
    issuer: ISSUER,
    resource: RESOURCE,
  });
  const expected = { issuer: ISSUER, audience: RESOURCE, typ: 'at+jwt' };
  const bare = (token: string) => jwtVerify(token, publicKey, expected);
  await cpuOfEach(tokens.slice(0, count / 2), bare);
  return {
    bare: await cpuOfEach(tokens, bare),
    first: await cpuOfEach(tokens, (token) => verifier.verify(token)),
    repeated: await cpuOfEach(tokens, (token) => verifier.verify(token)),
  };
}

async function cpuOfEach(tokens: readonly string[], verify: (token: string) => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (const token of tokens) await verify(token);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / tokens.length;
}
