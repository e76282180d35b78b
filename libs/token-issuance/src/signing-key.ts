import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';

/** A key pair that signs tokens. */
export interface SigningKey {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** What `/jwks` publishes of it (RFC 7517 §4). */
  readonly publicJwk: JWK;
}

/** A new key pair; its `kid` is the thumbprint of the public key (RFC 7638). */
export async function generateSigningKey(algorithm: SigningAlgorithm): Promise<SigningKey> {
  const pair = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 });
  return toSigningKey(algorithm, await exportJWK(pair.privateKey));
}

/** A signing key from its private JWK. */
export async function toSigningKey(algorithm: SigningAlgorithm, privateJwk: JWK): Promise<SigningKey> {
  const privateKey = createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' });
  const publicKey = createPublicKey(privateKey);
  const bare = publicKey.export({ format: 'jwk' }) as JWK;
  const kid = await calculateJwkThumbprint(bare);
  return { kid, algorithm, privateKey, publicKey, publicJwk: { ...bare, kid, alg: algorithm, use: 'sig' } };
}

/** Where the keys that sign come from. */
export abstract class SigningKeys {
  /** The key that signs with an algorithm now. */
  abstract current(algorithm: SigningAlgorithm): Promise<SigningKey>;
  /** Every key whose signatures may still be valid. */
  abstract published(): Promise<readonly SigningKey[]>;
}
