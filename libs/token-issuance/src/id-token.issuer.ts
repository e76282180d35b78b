import { Injectable } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { type JWTPayload, SignJWT } from 'jose';
import { createHash } from 'node:crypto';
import { SigningKeys } from './signing-key.js';

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
  /** Seconds from now until it expires. */
  readonly lifetime: number;
}

/** Issues ID tokens (OpenID Connect Core §2). */
@Injectable()
export class IdTokenIssuer {
  constructor(private readonly keys: SigningKeys) {}

  async issue(issuer: string, algorithm: SigningAlgorithm, content: IdTokenContent): Promise<string> {
    const { accessToken, lifetime, ...claims } = content;
    const key = await this.keys.current(algorithm);
    const payload: JWTPayload = { ...claims, at_hash: accessToken && leftHalfHash(accessToken) };
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT(payload)
      .setProtectedHeader({ alg: algorithm, kid: key.kid, typ: 'JWT' })
      .setIssuer(issuer)
      .setIssuedAt(now)
      .setExpirationTime(now + lifetime)
      .sign(key.privateKey);
  }
}

/** The left half of the SHA-256 of an artifact, base64url, as `at_hash` wants it for a 256-bit algorithm. */
function leftHalfHash(artifact: string): string {
  return createHash('sha256').update(artifact).digest().subarray(0, 16).toString('base64url');
}
