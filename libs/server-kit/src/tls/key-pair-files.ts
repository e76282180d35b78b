import { createPrivateKey, X509Certificate } from 'node:crypto';
import { parseTlsFile, readTlsFile, TlsFileError } from './reloaded-files.js';

/** The paths of a certificate chain and its private key, both PEM. */
export interface TlsPaths {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate chain with its private key, both PEM. */
export interface TlsKeyPair {
  readonly cert: string;
  readonly key: string;
  readonly expires: Date;
}

/**
 * Reads a certificate with its key.
 *
 * @throws TlsFileError when a file cannot be used, the key belongs to another certificate, or the certificate is not valid now.
 */
export function readKeyPair(paths: TlsPaths): TlsKeyPair {
  const cert = readTlsFile(paths.certificate);
  const key = readTlsFile(paths.key);
  const certificate = parseTlsFile(paths.certificate, 'certificate', () => new X509Certificate(cert));
  const privateKey = parseTlsFile(paths.key, 'private key', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new TlsFileError(`The key in ${paths.key} does not belong to the certificate in ${paths.certificate}.`);
  }
  const [from, expires] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  if (from > new Date())
    throw new TlsFileError(`The certificate in ${paths.certificate} is not valid before ${from.toISOString()}.`);
  if (expires < new Date())
    throw new TlsFileError(`The certificate in ${paths.certificate} expired at ${expires.toISOString()}.`);
  return { cert, key, expires };
}
