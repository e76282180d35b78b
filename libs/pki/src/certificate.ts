import { webcrypto } from 'node:crypto';
import { PemConverter, X509Certificate } from './x509.js';

/** ECDSA on P-256, which every TLS library supports. */
export const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A certificate with its private key, both in PEM. */
export interface KeyPair {
  /** The certificate, followed by those of the authorities between it and the root (RFC 8446 §4.4.2). */
  readonly certificate: string;
  /** The private key, PKCS #8. */
  readonly key: string;
}

/** Creates a new key pair. */
export const newKeys = (): Promise<CryptoKeyPair> => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

/** Returns a private key in PEM. */
export const keyToPem = async (key: CryptoKey): Promise<string> =>
  `${PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;

/** Reads a private key that {@link keyToPem} wrote. */
export const keyFromPem = (pem: string): Promise<CryptoKey> =>
  webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), ALGORITHM, true, ['sign']);

/** Returns the first certificate of a PEM file. */
export const firstCertificate = (pem: string): X509Certificate => new X509Certificate(PemConverter.decodeFirst(pem));
