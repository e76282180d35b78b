import { X509Certificate } from 'node:crypto';
import { isValidNow } from './client-certificate.js';
import { parseTlsFile, readTlsFile, TlsFileError } from './reloaded-files.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Extended key usage `id-kp-clientAuth` (RFC 5280 §4.2.1.12). */
const CLIENT_USAGE = '1.3.6.1.5.5.7.3.2';

/** The DER encoding of the object identifier of name constraints, 2.5.29.30 (RFC 5280 §4.2.1.10). */
const NAME_CONSTRAINTS = Buffer.from('0603551d1e', 'hex');

/** The authorities whose client certificates are trusted: the certificates of a PEM file. */
export class ClientAuthorities {
  private constructor(
    /** The content of the file. */
    readonly text: string,
    private readonly certificates: readonly X509Certificate[],
  ) {}

  /**
   * Reads the authorities from a file.
   *
   * @throws TlsFileError when the file holds none, something else, or only certificates that have expired.
   */
  static read(path: string): ClientAuthorities {
    const text = readTlsFile(path);
    const found = text.match(CERTIFICATE) ?? [];
    const certificates = parseTlsFile(path, 'certificate', () => found.map((pem) => new X509Certificate(pem)));
    if (certificates.length === 0) throw new TlsFileError(`${path} does not hold a certificate in PEM.`);
    if (!certificates.every(({ ca }) => ca)) {
      throw new TlsFileError(`${path} holds a certificate that is not that of an authority.`);
    }
    if (!certificates.some(isValidNow)) throw new TlsFileError(`No certificate in ${path} is valid now.`);
    return new ClientAuthorities(text, certificates);
  }

  /** Whether one of them is self-signed. */
  get hasRoot(): boolean {
    return this.certificates.some((certificate) => certificate.checkIssued(certificate));
  }

  /**
   * Returns whether one of the authorities has issued a client certificate itself. Chains over other authorities are not
   * accepted here, because Node cannot check all their rules outside of a TLS connection. Neither are authorities with name
   * constraints.
   */
  haveIssued(certificate: X509Certificate): boolean {
    return (
      !certificate.ca &&
      isValidNow(certificate) &&
      (certificate.keyUsage ?? []).includes(CLIENT_USAGE) &&
      this.certificates.some(
        (authority) =>
          isValidNow(authority) &&
          !authority.raw.includes(NAME_CONSTRAINTS) &&
          certificate.checkIssued(authority) &&
          certificate.verify(authority.publicKey),
      )
    );
  }
}
