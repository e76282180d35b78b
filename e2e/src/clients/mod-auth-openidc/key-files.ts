import { generateKeyPairSync } from 'node:crypto';
import type { Directives } from './apache-configuration.js';

/** The directives that refer to the files of {@link newKeyFiles}. */
export const keyDirectives: Directives = {
  OIDCPrivateKeyFiles: '${own}/private.pem',
  OIDCPublicKeyFiles: '${own}/public.pem',
};

/** Returns a new key pair with which mod_auth_openidc signs, as the content of its files. */
export function newKeyFiles(): Record<string, string> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { 'private.pem': privateKey, 'public.pem': publicKey };
}
