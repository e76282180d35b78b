import { type SigningAlgorithm, sha256 } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import { compactVerify, errors } from 'jose';
import { checkProofClaims, PROOF_LIFETIME_SECONDS } from './check-proof-claims.js';
import { checkProofHeader } from './check-proof-header.js';
import type { DpopOptions } from './dpop-options.js';
import { InvalidProofError } from './invalid-proof-error.js';
import { type ProofKey, readProofKey } from './proof-key.js';
import { ProofNonces } from './proof-nonces.js';

const LONGEST_PROOF = 8192;
/** Seconds that a used proof is remembered beyond its life: not every replica's clock shows the same time. */
const REMEMBERED_AFTER_EXPIRY_SECONDS = 60;

/** As much of a request as a proof is about. */
export interface ProvenRequest {
  readonly method: string;
  /** Path and query, as the request has them. */
  readonly url: string;
  readonly headers: { readonly dpop?: string | string[] };
}

/** A proof that was made for a request, whether or not it was used before. */
export interface DpopProof {
  /** The thumbprint of the key that its sender holds (RFC 7638). */
  readonly jkt: string;
  readonly alg: SigningAlgorithm;
  /** What the proof is remembered by once it is used. */
  readonly id: string;
  /** When it can no longer be used, in seconds since 1970. */
  readonly expiresAt: number;
}

/** The DPoP proofs that come to a server (RFC 9449 §4.3), wherever they come with a request. */
export class DpopProofs {
  private readonly nonces: ProofNonces | undefined;

  constructor(
    private readonly options: DpopOptions,
    private readonly used: Pick<StateStore, 'setIfAbsent'>,
    private readonly now: () => number = Date.now,
  ) {
    const [first, ...others] = options.nonceKeys ?? [];
    if (first) this.nonces = new ProofNonces([first, ...others], now);
    else if (options.nonceRequired) throw new Error('DPoP nonces are required, but there is no key to make them');
  }

  /** The nonce for the next proof, to go into `DPoP-Nonce`; undefined when the server has none (RFC 9449 §8.2). */
  nonce(): string | undefined {
    return this.nonces?.current();
  }

  /**
   * Reads the proof that a request brings; undefined when it brings none. Nothing is written: {@link use} it once the
   * rest of the request is in order.
   *
   * @param accessToken The token that the proof must be for, at a resource server.
   * @throws InvalidProofError
   */
  async read({ method, url, headers }: ProvenRequest, accessToken?: string): Promise<DpopProof | undefined> {
    if (headers.dpop === undefined) return undefined;
    const proof = theOnly(headers.dpop);
    const { alg, jwk } = checkProofHeader(proof);
    const { key, jkt } = await readProofKey(jwk, alg);
    const payload = await readSigned(proof, key, alg);
    const now = this.now() / 1000;
    const uri = this.options.publicUrl + (url.split('?', 1)[0] ?? '');
    const { jti, iat, nonce } = checkProofClaims(payload, { method, uri, accessToken, now });
    this.checkNonce(nonce);
    const id = sha256(JSON.stringify([jkt, jti, method, uri])).toString('base64url');
    return { jkt, alg, id, expiresAt: iat + PROOF_LIFETIME_SECONDS };
  }

  /**
   * Uses a proof up, on every replica (RFC 9449 §11.1).
   *
   * @throws InvalidProofError when it was used before.
   */
  async use({ id, expiresAt }: DpopProof): Promise<void> {
    const secondsLeft = Math.max(0, Math.ceil(expiresAt - this.now() / 1000));
    if (!(await this.used.setIfAbsent(`dpop-proof:${id}`, true, secondsLeft + REMEMBERED_AFTER_EXPIRY_SECONDS))) {
      throw new InvalidProofError('the DPoP proof was used before (jti)');
    }
  }

  private checkNonce(nonce: string | undefined): void {
    if (nonce === undefined) {
      if (this.options.nonceRequired) throw new InvalidProofError('the DPoP proof has no nonce', 'use_dpop_nonce');
    } else if (this.nonces && !this.nonces.accepts(nonce)) {
      throw new InvalidProofError('the nonce of the DPoP proof is not a fresh one of this server', 'use_dpop_nonce');
    }
  }
}

/** Node joins repeated headers with a comma, which no JWT has. */
function theOnly(header: string | string[]): string {
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
    // Nothing here depends on us: the key too is the sender's.
    const isForged = cause instanceof errors.JWSSignatureVerificationFailed;
    const message = isForged ? 'the signature of the DPoP proof does not match' : 'the DPoP proof is not a signed JWT';
    throw new InvalidProofError(message, 'invalid_dpop_proof', { cause });
  }
}
