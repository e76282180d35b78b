import { Injectable } from '@nestjs/common';
import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { SignJWT } from 'jose';
import { SigningKeys } from './signing-keys.js';

/** A response of the server, before it is signed. */
export interface SignedResponse {
  readonly iss: string;
  /** The client that the response is for. */
  readonly aud: string;
  /** The type of the JWT in the specification of the response; `JWT` when not given. */
  readonly typ?: string;
  /** Seconds from now until the JWT expires. Without it, the JWT does not expire. */
  readonly lifetime?: number;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * Signs responses as JWTs: authorization responses (JARM §2.1), userinfo (OpenID Connect Core §5.3.2) and
 * introspection (RFC 9701 §5).
 */
@Injectable()
export class ResponseSigner {
  constructor(private readonly keys: SigningKeys) {}

  async sign(
    algorithm: SigningAlgorithm,
    { iss, aud, typ = 'JWT', lifetime, claims }: SignedResponse,
  ): Promise<string> {
    const key = await this.keys.current(algorithm);
    const now = Math.floor(Date.now() / 1000);
    const jwt = new SignJWT({ ...claims })
      .setProtectedHeader({ alg: algorithm, kid: key.kid, typ })
      .setIssuer(iss)
      .setAudience(aud)
      .setIssuedAt(now);
    if (lifetime !== undefined) jwt.setExpirationTime(now + lifetime);
    return jwt.sign(key.privateKey);
  }
}
