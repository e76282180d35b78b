import { Injectable } from '@nestjs/common';
import { type PublicKey, readJwkSet } from '@trefoil/oauth-protocol';
import type { X509Certificate } from 'node:crypto';
import type { KeyHolder } from './client-keys.js';
import { PublishedKeySets } from './published-key-sets.js';

/** Finds the certificates that clients have registered with their keys, as `x5c` (RFC 8705 §2.2, RFC 7517 §4.7). */
@Injectable()
export class ClientCertificates {
  constructor(private readonly published: PublishedKeySets) {}

  /**
   * Returns whether a client has registered a certificate. When its `jwks_uri` does not hold the certificate, fetches it
   * again.
   *
   * @throws OutboundError when the `jwks_uri` cannot be read.
   */
  async has({ jwks, jwksUri }: KeyHolder, certificate: X509Certificate): Promise<boolean> {
    if (jwks) return isAmong(readJwkSet(jwks)?.keys ?? [], certificate);
    if (jwksUri === null) return false;
    return (
      isAmong(await this.published.find(jwksUri), certificate) ||
      isAmong(await this.published.find(jwksUri, true), certificate)
    );
  }
}

/** Returns whether a certificate is that of a key: the first one of its `x5c`, and for the same public key. */
const isAmong = (keys: readonly PublicKey[], certificate: X509Certificate): boolean =>
  keys.some(
    ({ jwk: { x5c = [] }, key }) =>
      x5c[0] !== undefined &&
      Buffer.from(x5c[0], 'base64').equals(certificate.raw) &&
      key.equals(certificate.publicKey),
  );
