import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { createHash, randomUUID } from 'node:crypto';

/** The request for which a DPoP proof is made, and changes to the proof. */
export interface ProofOptions {
  /** The HTTP method of the request; POST by default. */
  readonly method?: string;
  /** The URL of the request. */
  readonly url: string;
  /** The access token of the request. Its hash becomes the claim `ath`. */
  readonly accessToken?: string;
  readonly nonce?: string;
  /** Claims that replace the default ones. Undefined removes a claim. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Header parameters that replace the default ones. Undefined removes a parameter. */
  readonly header?: Readonly<Record<string, unknown>>;
}

/** The DPoP key of a client. Signs its proofs (RFC 9449 §4.2). */
export class DpopKey {
  private constructor(
    readonly algorithm: string,
    readonly publicJwk: JWK,
    readonly privateJwk: JWK,
    /** The SHA-256 thumbprint of the key, in base64url (RFC 7638). */
    readonly jkt: string,
    private readonly privateKey: CryptoKey,
  ) {}

  /** Generates a key pair for a JOSE signature algorithm. */
  static async generate(algorithm = 'ES256'): Promise<DpopKey> {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const [publicJwk, privateJwk] = [await exportJWK(publicKey), await exportJWK(privateKey)];
    return new DpopKey(algorithm, publicJwk, privateJwk, await calculateJwkThumbprint(publicJwk), privateKey);
  }

  /** Returns a signed proof that is valid, unless `claims` or `header` make it invalid. */
  proof({ method = 'POST', url, accessToken, nonce, claims, header }: ProofOptions): Promise<string> {
    const payload = {
      jti: randomUUID(),
      htm: method,
      htu: url,
      iat: Math.floor(Date.now() / 1000),
      ...(accessToken !== undefined && { ath: createHash('sha256').update(accessToken).digest('base64url') }),
      ...(nonce !== undefined && { nonce }),
      ...claims,
    };
    return new SignJWT(payload)
      .setProtectedHeader({ alg: this.algorithm, typ: 'dpop+jwt', jwk: this.publicJwk, ...header })
      .sign(this.privateKey);
  }
}
