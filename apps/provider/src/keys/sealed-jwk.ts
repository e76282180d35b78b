import { decryptAtRest, encryptAtRest, type SecretKeys } from '@trefoil/server-kit';
import type { JWK } from 'jose';

/** Encrypts the JWK of a signing key, so that it can be stored in the row of its `kid` only. */
export const sealJwk = (jwk: JWK, kid: string, keys: SecretKeys): Buffer =>
  encryptAtRest(Buffer.from(JSON.stringify(jwk)), keys, kid);

/** @throws Error when the encryption key is not known, or the row is another. */
export const openJwk = (sealed: Uint8Array, kid: string, keys: SecretKeys): JWK =>
  JSON.parse(decryptAtRest(sealed, keys, kid).toString()) as JWK;
