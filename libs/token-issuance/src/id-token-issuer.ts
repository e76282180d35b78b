import { Injectable } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { type JWTPayload, SignJWT } from 'jose';
import { createHash } from 'node:crypto';
import { SigningKeys } from './signing-keys.js';

/** The content of an ID token, without the claims that the issuer adds (OpenID Connect Core §2). */
export interface IdTokenContent {
  readonly aud: string;
  readonly sub: string;
  /** The session, for clients that can use it (OpenID Connect Back-Channel Logout §2.1). */
  readonly sid?: string | undefined;
  /** Seconds since 1970. */
  readonly auth_time: number;
  readonly acr?: string;
  readonly amr?: readonly string[];
  readonly nonce?: string;
  /** The access token that is issued together with the ID token, bound by `at_hash` (OpenID Connect Core §3.1.3.6). */
  readonly accessToken?: string;
  /** Claims about the user that the client requested (OpenID Connect Core §5.5). They replace no other claim. */
  readonly userClaims?: Readonly<Record<string, unknown>>;
  /** Seconds from now until the token expires. */
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
 * Returns the left half of the hash of an artifact, in base64url. The hash is that of the signature algorithm, which is
 * SHA-512 for Ed25519 (OpenID Connect Core §3.1.3.6, RFC 8032 §5.1).
 */
function leftHalfHash(artifact: string, algorithm: SigningAlgorithm): string {
  const hash = createHash(algorithm === 'EdDSA' ? 'sha512' : 'sha256')
    .update(artifact)
    .digest();
  return hash.subarray(0, hash.length / 2).toString('base64url');
}
