import { Injectable } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { type JWTPayload, SignJWT } from 'jose';
import { createHash } from 'node:crypto';
import { SigningKeys } from './signing-keys.js';

/** What an ID token says of one sign-in (OpenID Connect Core §2). */
export interface IdTokenContent {
  readonly aud: string;
  readonly sub: string;
  readonly sid: string;
  /** Seconds since 1970. */
  readonly auth_time: number;
  readonly acr?: string;
  readonly amr?: readonly string[];
  readonly nonce?: string;
  /** The access token issued with it, bound by `at_hash` (OpenID Connect Core §3.1.3.6). */
  readonly accessToken?: string;
  /** Claims about the user that were asked for by name (OpenID Connect Core §5.5); they replace none of the others. */
  readonly userClaims?: Readonly<Record<string, unknown>>;
  /** Seconds from now until it expires. */
  readonly lifetime: number;
}

/** Issues ID tokens (OpenID Connect Core §2). */
@Injectable()
export class IdTokenIssuer {
  constructor(private readonly keys: SigningKeys) {}

  async issue(issuer: string, algorithm: SigningAlgorithm, content: IdTokenContent): Promise<string> {
    const { accessToken, lifetime, userClaims, ...claims } = content;
    const key = await this.keys.current(algorithm);
    const at_hash = accessToken && leftHalfHash(accessToken, algorithm);
    const payload: JWTPayload = { ...userClaims, ...claims, at_hash };
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT(payload)
      .setProtectedHeader({ alg: algorithm, kid: key.kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setIssuedAt(now)
      .setExpirationTime(now + lifetime)
      .sign(key.privateKey);
  }
}

/**
 * The left half of the hash of an artifact, base64url. The hash is the one of the signature: of Ed25519 that is SHA-512
 * (OpenID Connect Core §3.1.3.6, RFC 8032 §5.1).
 */
function leftHalfHash(artifact: string, algorithm: SigningAlgorithm): string {
  const hash = createHash(algorithm === 'EdDSA' ? 'sha512' : 'sha256')
    .update(artifact)
    .digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}
