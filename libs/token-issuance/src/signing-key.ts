import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** The public part of a signing key. */
export interface PublishedKey {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly publicKey: KeyObject;
  /** The key as `/jwks` publishes it (RFC 7517 §4). */
  readonly publicJwk: JWK;
}

/** A key pair that signs tokens. */
export interface SigningKey extends PublishedKey {
  readonly privateKey: KeyObject;
}

/** Generates a key pair. Its `kid` is the thumbprint of the public key (RFC 7638). */
export async function generateSigningKey(algorithm: SigningAlgorithm): Promise<SigningKey> {
  const pair = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 });
  const jwk = await exportJWK(pair.privateKey);
  return { ...(await toPublishedKey(algorithm, jwk)), privateKey: privateKeyOf(jwk) };
}

/** Converts a JWK to a key. The key has a private part, and can sign, when the JWK is private. */
export async function toSigningKey(
  algorithm: SigningAlgorithm,
  jwk: JWK,
): Promise<PublishedKey & { readonly privateKey?: KeyObject }> {
  const published = await toPublishedKey(algorithm, jwk);
  return jwk.d === undefined ? published : { ...published, privateKey: privateKeyOf(jwk) };
}

async function toPublishedKey(algorithm: SigningAlgorithm, jwk: JWK): Promise<PublishedKey> {
  const publicKey = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
  const bare = publicKey.export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(bare);
  return { kid, algorithm, publicKey, publicJwk: { ...bare, kid, alg: algorithm, use: 'sig' } };
}

const privateKeyOf = (jwk: JWK): KeyObject => createPrivateKey({ key: jwk as JsonWebKey, format: 'jwk' });
