import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type GenerateKeyPairResult,
  type JWK,
  type JWTHeaderParameters,
} from 'jose';
import { type VerificationKey, VerificationKeys } from '../verification-keys/verification-keys.js';

export const ISSUER = 'https://auth.example.com';
export const RESOURCE = 'https://api.example.com';
/** The time at which the tests take place, in seconds since 1970. */
export const NOW = 1_800_000_000;

/** The claims of a valid token of a user, issued to the client `frontend`. */
export const USER_CLAIMS = {
  iss: ISSUER,
  aud: RESOURCE,
  sub: '0195c2a4-aaaa-7000-8000-000000000001',
  client_id: 'frontend',
  scope: 'contacts:read contacts:write',
  jti: 'jti-1',
  iat: NOW - 60,
  exp: NOW + 540,
  sid: 'session-1',
  grant_id: 'grant-1',
};

/** The claims of a valid token of a machine client. */
export const MACHINE_CLAIMS = {
  ...USER_CLAIMS,
  sub: 'marketing-sync',
  client_id: 'marketing-sync',
  scope: 'contacts:export',
  sid: undefined,
  grant_id: undefined,
};

/** An issuer with one key, which signs any claims. */
export class TestIssuer extends VerificationKeys {
  private constructor(
    readonly kid: string,
    readonly alg: SigningAlgorithm,
    readonly pair: GenerateKeyPairResult,
  ) {
    super();
  }

  static async create(kid = 'key-1', alg: SigningAlgorithm = 'ES256'): Promise<TestIssuer> {
    return new TestIssuer(kid, alg, await generateKeyPair(alg, { extractable: true }));
  }

  find(kid: string, alg: SigningAlgorithm): Promise<VerificationKey | undefined> {
    return Promise.resolve(kid === this.kid && alg === this.alg ? this.pair.publicKey : undefined);
  }

  sign(claims: object, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: this.alg, typ: 'at+jwt', kid: this.kid, ...header })
      .sign(this.pair.privateKey);
  }

  /** Returns a user's token; valid, unless the given claims make it invalid. */
  userToken(claims: object = {}): Promise<string> {
    return this.sign({ ...USER_CLAIMS, ...claims });
  }

  /** Returns a machine's token; valid, unless the given claims make it invalid. */
  machineToken(claims: object = {}): Promise<string> {
    return this.sign({ ...MACHINE_CLAIMS, ...claims });
  }

  async publicJwk(): Promise<JWK> {
    return { ...(await exportJWK(this.pair.publicKey)), kid: this.kid, alg: this.alg, use: 'sig' };
  }
}

/** Encodes a part of a JWT. */
export const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
