import { type SigningAlgorithm, sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import { compactVerify, errors } from 'jose';
import { checkProofClaims } from './check-proof-claims.js';
import { checkProofHeader } from './check-proof-header.js';
import { checkProofTime } from './check-proof-time.js';
import { InvalidProofError } from './invalid-proof-error.js';
import { type ProofKey, readProofKey } from './proof-key.js';
import { ProofNonces } from './proof-nonces.js';

const LONGEST_PROOF = 8192;
/** Seconds for which a used proof is remembered after it has expired, because clocks of replicas may differ. */
const REMEMBERED_AFTER_EXPIRY_SECONDS = 60;

/** Configures how a server checks DPoP proofs (RFC 9449). */
export interface DpopOptions {
  /** The URL of the server as clients see it, without a slash at the end. The `htu` claim is compared with it. */
  readonly publicUrl: string;
  /** Other URLs of the server, such as that of a listener for client certificates (RFC 8705 §5). */
  readonly otherUrls?: readonly string[];
  /**
   * The keys that nonces are made with, 32 bytes each and the same on every replica. The first one issues nonces, and the
   * nonces of all are accepted, so that keys can be rotated. Without keys, the server issues no nonces.
   */
  readonly nonceKeys?: readonly Uint8Array[];
  /** Whether a proof without a nonce is refused (RFC 9449 §8, §9). */
  readonly nonceRequired?: boolean;
}

/** The parts of a request that a proof is checked against. */
export interface ProvenRequest {
  readonly method: string;
  /** The path and the query of the request. */
  readonly url: string;
  readonly headers: { readonly dpop?: string | string[] };
}

/** A valid proof of a request. It may have been used before. */
export interface DpopProof {
  /** The thumbprint of the sender's key (RFC 7638). */
  readonly jkt: string;
  readonly alg: SigningAlgorithm;
  /** Identifies the proof in the store of used proofs. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** Checks the DPoP proofs of requests to a server, and refuses used ones (RFC 9449 §4.3, §11.1). */
export class DpopProofs {
  private readonly nonces: ProofNonces | undefined;

  constructor(
    private readonly options: DpopOptions,
    private readonly used: Pick<StateStore, 'setIfAbsent'>,
    private readonly now: () => number = Date.now,
  ) {
    const [first, ...others] = options.nonceKeys ?? [];
    if (first) this.nonces = new ProofNonces([first, ...others], now);
    else if (options.nonceRequired)
      throw new Error('DPoP nonces are required, but there is no key to make them. Set nonceKeys.');
  }

  /** Returns the value of the `DPoP-Nonce` header; undefined when the server issues no nonces (RFC 9449 §8.2). */
  nonce(): string | undefined {
    return this.nonces?.current();
  }

  /**
   * Checks the proof of a request and returns it; undefined when the request has none. Call {@link use} with the proof once
   * the rest of the request has been checked: this method does not mark it as used.
   *
   * @param accessToken At a resource server, the token that the proof must be for.
   * @throws InvalidProofError
   */
  async read({ method, url, headers }: ProvenRequest, accessToken?: string): Promise<DpopProof | undefined> {
    if (headers.dpop === undefined) return undefined;
    const proof = singleProof(headers.dpop);
    const { alg, jwk } = checkProofHeader(proof);
    const { key, jkt } = await readProofKey(jwk, alg);
    const payload = await readSigned(proof, key, alg);
    const { publicUrl, otherUrls = [] } = this.options;
    const uris = [publicUrl, ...otherUrls].map((base) => base + (url.split('?', 1)[0] ?? ''));
    const claims = checkProofClaims(payload, { method, uris, accessToken });
    const { nonceRequired = false } = this.options;
    const expiresAt = checkProofTime(claims, { now: this.now() / 1000, nonces: this.nonces, nonceRequired });
    // The URL is not part of the id: one resource has many spellings, and each would accept the proof once.
    const id = sha256(JSON.stringify([jkt, claims.jti])).toString('base64url');
    return { jkt, alg, id, expiresAt };
  }

  /**
   * Marks a proof as used, for every replica (RFC 9449 §11.1).
   *
   * @throws InvalidProofError when the proof was used before.
   */
  async use({ id, expiresAt }: DpopProof): Promise<void> {
    const secondsLeft = Math.max(0, Math.ceil(expiresAt - this.now() / 1000));
    if (!(await this.used.setIfAbsent(`dpop-proof:${id}`, true, secondsLeft + REMEMBERED_AFTER_EXPIRY_SECONDS))) {
      throw new InvalidProofError('the DPoP proof was used before (jti)');
    }
  }
}

/** Returns the only proof of a request. Node joins repeated headers with a comma, which a JWT cannot contain. */
function singleProof(header: string | string[]): string {
  const proof = [header].flat().join(',');
  if (proof.includes(',')) throw new InvalidProofError('the request must have one DPoP header');
  if (proof.length > LONGEST_PROOF) throw new InvalidProofError('the DPoP proof is too long');
  return proof;
}

async function readSigned(proof: string, key: ProofKey['key'], alg: string): Promise<Record<string, unknown>> {
  try {
    const { payload } = await compactVerify(proof, key, { algorithms: [alg] });
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
    if (typeof claims === 'object' && claims !== null) return { ...claims };
    throw new InvalidProofError('the claims of the DPoP proof are not an object');
  } catch (cause) {
    if (cause instanceof InvalidProofError) throw cause;
    // Every error here is the sender's fault, because the key is the sender's too.
    const isForged = cause instanceof errors.JWSSignatureVerificationFailed;
    const message = isForged ? 'the signature of the DPoP proof does not match' : 'the DPoP proof is not a signed JWT';
    throw new InvalidProofError(message, 'invalid_dpop_proof', { cause });
  }
}
