import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { createHash, randomUUID } from 'node:crypto';

/** What a proof is made for, and what else is to stand in it. */
export interface ProofOptions {
  /** POST unless given. */
  readonly method?: string;
  /** The address of the request. */
  readonly url: string;
  /** The access token that goes with it, whose hash is put into the proof. */
  readonly accessToken?: string;
  readonly nonce?: string;
  /** Claims to set instead; undefined leaves one out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Members of the header to set instead; undefined leaves one out. */
  readonly header?: Readonly<Record<string, unknown>>;
}

/** The key of a client that uses DPoP; makes its proofs (RFC 9449 §4.2). */
export class DpopKey {
  private constructor(
    readonly algorithm: string,
    readonly publicJwk: JWK,
    readonly privateJwk: JWK,
    /** The thumbprint of the key (RFC 7638). */
    readonly jkt: string,
    private readonly privateKey: CryptoKey,
  ) {}

  /** @param algorithm ES256 unless given. */
  static async generate(algorithm = 'ES256'): Promise<DpopKey> {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const [publicJwk, privateJwk] = [await exportJWK(publicKey), await exportJWK(privateKey)];
    return new DpopKey(algorithm, publicJwk, privateJwk, await calculateJwkThumbprint(publicJwk), privateKey);
  }

  /** A proof that is in order, but for what a test is about. */
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
