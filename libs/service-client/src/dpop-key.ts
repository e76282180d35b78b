import { sha256 } from '@trefoil/oauth-protocol';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { randomUUID } from 'node:crypto';

const ALGORITHM = 'ES256';

/** The key to which the tokens of a client are bound (RFC 9449). It is created with the client, and never stored. */
export class DpopKey {
  /** The last nonce of each origin (RFC 9449 §8.2). */
  private readonly nonces = new Map<string, string>();

  private constructor(
    /** For the token requests of openid-client. */
    readonly pair: CryptoKeyPair,
    private readonly publicJwk: object,
  ) {}

  /** Generates a key pair. */
  static async generate(): Promise<DpopKey> {
    const pair = await generateKeyPair(ALGORITHM);
    return new DpopKey(pair, await exportJWK(pair.publicKey));
  }

  /** Returns a `fetch` that sends a token with a proof for each request (RFC 9449 §7.1). Repeats a request that lacks a nonce. */
  fetchWith(token: string, fetchAny: typeof fetch): typeof fetch {
    return async (input, init) => {
      const { url, method } = new Request(input, init);
      const { origin, pathname } = new URL(url);
      const send = async (): Promise<Response> => {
        const headers = new Headers(init?.headers);
        headers.set('authorization', `DPoP ${token}`);
        headers.set('dpop', await this.proof(method, origin, pathname, token));
        const response = await fetchAny(input, { ...init, headers });
        const nonce = response.headers.get('dpop-nonce');
        if (nonce !== null) this.nonces.set(origin, nonce);
        return response;
      };
      const response = await send();
      if (!lacksNonce(response)) return response;
      await response.body?.cancel();
      return send();
    };
  }

  private proof(htm: string, origin: string, path: string, token: string): Promise<string> {
    const ath = sha256(token).toString('base64url');
    const nonce = this.nonces.get(origin);
    return new SignJWT({ htm, htu: `${origin}${path}`, ath, jti: randomUUID(), ...(nonce !== undefined && { nonce }) })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'dpop+jwt', jwk: this.publicJwk })
      .setIssuedAt()
      .sign(this.pair.privateKey);
  }
}

/** Returns whether a resource server asks for a proof with the nonce of its response (RFC 9449 §9). */
const lacksNonce = ({ status, headers }: Response): boolean =>
  status === 401 &&
  headers.has('dpop-nonce') &&
  /\berror="?use_dpop_nonce\b/.test(headers.get('www-authenticate') ?? '');
