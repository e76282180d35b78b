import { compactVerify, errors } from 'jose';
import type { VerificationKey } from '../verification-keys/verification-keys.js';
import type { Payload } from './claim-paths.js';
import { InvalidTokenError } from './verified-access-token.js';

/** The number of tokens of one key that are remembered. With the longest tokens they take about 20 MB. */
const MOST_TOKENS = 10_000;

/**
 * The payloads of the tokens whose signatures were verified, by key. A key that the issuer no longer publishes is not found
 * again, and its tokens are forgotten with it.
 */
const verified = new WeakMap<VerificationKey, Map<string, Payload>>();

/**
 * Returns the payload of a token with a valid signature. Remembers the signature and nothing else: the caller checks the
 * claims, the confirmation and the revocation of each request.
 *
 * @throws InvalidTokenError
 */
export async function readSigned(token: string, key: VerificationKey, alg: string): Promise<Payload> {
  const tokens = verified.get(key) ?? new Map<string, Payload>();
  const known = tokens.get(token);
  if (known) return known;
  const payload = await verify(token, key, alg);
  verified.set(key, tokens.set(token, payload));
  const [oldest] = tokens.keys();
  if (tokens.size > MOST_TOKENS && oldest !== undefined) tokens.delete(oldest);
  return payload;
}

async function verify(token: string, key: VerificationKey, alg: string): Promise<Payload> {
  try {
    const { payload } = await compactVerify(token, key, { algorithms: [alg] });
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
    if (typeof claims === 'object' && claims !== null) return { ...claims };
  } catch (cause) {
    if (cause instanceof errors.JWSSignatureVerificationFailed) {
      throw new InvalidTokenError('the signature of the token does not match', { cause });
    }
    if (!(cause instanceof errors.JOSEError || cause instanceof SyntaxError)) throw cause;
  }
  throw new InvalidTokenError('the token is not a signed JWT');
}
