import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { SigningAlgorithm } from './security-profile.js';

const MOST_KEYS = 100;
/** Shorter RSA keys must not be used (RFC 7518 §3.3). */
const SHORTEST_RSA_BITS = 2048;

/** The members of a public key that are read (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2). */
export interface PublicJwk {
  readonly kty: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
  readonly key_ops?: string[];
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
  readonly x5c?: string[];
  readonly 'x5t#S256'?: string;
}

/** A public key of a JWK set. */
export interface PublicKey {
  readonly jwk: PublicJwk;
  readonly key: KeyObject;
  /** The algorithms whose signatures the key verifies; empty when it is for something else. */
  readonly algorithms: readonly SigningAlgorithm[];
}

/** The usable keys of a JWK set, in their order. */
export interface JwkSet {
  readonly keys: readonly PublicKey[];
  /** The number of keys that were left out. */
  readonly ignored: number;
}

const TEXTS = ['kid', 'alg', 'use', 'crv', 'x', 'y', 'n', 'e', 'x5t#S256'] as const;
const LISTS = ['key_ops', 'x5c'] as const;
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** The public keys that each algorithm verifies with. */
const KEY_OF: Record<SigningAlgorithm, Pick<PublicJwk, 'kty' | 'crv'>> = {
  ES256: { kty: 'EC', crv: 'P-256' },
  PS256: { kty: 'RSA' },
  RS256: { kty: 'RSA' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
};
const ALGORITHMS = Object.keys(KEY_OF) as SigningAlgorithm[];
const KEY_TYPES: readonly unknown[] = ['EC', 'RSA', 'OKP'];

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Returns whether a value is text that a database stores: without control characters and halves of surrogate pairs. */
const isText = (value: unknown): value is string => typeof value === 'string' && !/[\p{Cc}\p{Cs}]/u.test(value);

/** Returns whether a JWK is a private key or a shared secret, which must not be given away. */
export const isSecretJwk = (jwk: unknown): boolean =>
  isObject(jwk) && (jwk.kty === 'oct' || PRIVATE_MEMBERS.some((member) => member in jwk));

/**
 * Reads a JWK set. Leaves out keys of unknown types and curves, and malformed, weak and secret keys, which do not make the
 * others unusable (RFC 7517 §5).
 *
 * @returns undefined when the value is not a JWK set, or has more than 100 keys.
 */
export function readJwkSet(value: unknown): JwkSet | undefined {
  const listed: unknown = isObject(value) ? value.keys : undefined;
  if (!Array.isArray(listed) || listed.length > MOST_KEYS) return undefined;
  const keys = listed.flatMap((jwk: unknown) => readKey(jwk) ?? []);
  return { keys, ignored: listed.length - keys.length };
}

function readKey(value: unknown): PublicKey | undefined {
  if (!isObject(value) || !KEY_TYPES.includes(value.kty) || isSecretJwk(value)) return undefined;
  const members = ['kty', ...TEXTS, ...LISTS].filter((name) => value[name] !== undefined && value[name] !== null);
  const jwk: unknown = Object.fromEntries(members.map((name) => [name, value[name]]));
  if (!isWellFormed(jwk)) return undefined;
  const key = importKey(jwk);
  return key && { jwk, key, algorithms: algorithmsOf(jwk) };
}

const isWellFormed = (jwk: unknown): jwk is PublicJwk =>
  isObject(jwk) &&
  TEXTS.every((name) => isText(jwk[name] ?? '')) &&
  LISTS.every((name) => isListOfText(jwk[name] ?? []));

const isListOfText = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

function importKey(jwk: PublicJwk): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
    return (key.asymmetricKeyDetails?.modulusLength ?? Infinity) < SHORTEST_RSA_BITS ? undefined : key;
  } catch {
    return undefined;
  }
}

function algorithmsOf({ kty, crv, alg, use = 'sig', key_ops = ['verify'] }: PublicJwk): SigningAlgorithm[] {
  if (use !== 'sig' || !key_ops.includes('verify')) return [];
  const named = alg === 'Ed25519' ? 'EdDSA' : alg;
  return ALGORITHMS.filter((algorithm) => {
    const wanted = KEY_OF[algorithm];
    const isOfType = kty === wanted.kty && (wanted.crv === undefined || crv === wanted.crv);
    return isOfType && (named === undefined || named === algorithm);
  });
}
