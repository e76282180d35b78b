import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonGeneralNames,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from './x509.js';
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { ALGORITHM, firstCertificate, keyFromPem, type KeyPair, keyToPem, newKeys } from './certificate.js';

const DAY = 24 * 3600 * 1000;
const ROOT_DAYS = 3650;
const ISSUING_DAYS = 730;
const LEAF_DAYS = 90;
/** A certificate is valid some time before it was made, for machines whose clocks are behind. */
const CLOCK_TOLERANCE = 3600 * 1000;

/** The period in which a certificate is valid. Without one, it begins now and has the usual length. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** The names in a client certificate. */
export interface ClientNames {
  /** The distinguished name of the subject (RFC 4514). Default: the name of the client as CN. */
  readonly subject?: string;
  /** The subject alternative names. Default: the name of the client as DNS name. */
  readonly alternativeNames?: JsonGeneralNames;
}

const { serverAuth, clientAuth } = ExtendedKeyUsage;

/** Issues certificates: a root for one issuing authority, and this one for servers and clients. */
export class Authority {
  private readonly certificate: X509Certificate;

  /** @param chain the certificate of the authority, followed by those between it and the root. Empty for a root. */
  constructor(
    readonly pair: KeyPair,
    private readonly chain = pair.certificate,
  ) {
    this.certificate = firstCertificate(pair.certificate);
  }

  /** Creates a self-signed root, which signs issuing authorities only. */
  static async createRoot(name: string): Promise<Authority> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      serialNumber: serialNumber(),
      signingAlgorithm: ALGORITHM,
      ...lasting(ROOT_DAYS),
      extensions: [...authorityExtensions(1), await SubjectKeyIdentifierExtension.create(keys.publicKey)],
    });
    return new Authority({ certificate: pem(certificate), key: await keyToPem(keys.privateKey) }, '');
  }

  /** Creates an authority below this one, which issues certificates for servers and clients. */
  async createIssuing(name: string): Promise<Authority> {
    return new Authority(await this.issue(`CN=${name}`, authorityExtensions(0), lasting(ISSUING_DAYS)));
  }

  /** Issues the certificate of a server, for DNS names and IP addresses (RFC 9525 §6). */
  issueServer(name: string, hosts: readonly string[], validity: Validity = lasting(LEAF_DAYS)): Promise<KeyPair> {
    const names = hosts.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value }));
    return this.issue(`CN=${name}`, leafExtensions(serverAuth, new SubjectAlternativeNameExtension(names)), validity);
  }

  /** Issues the certificate with which a service authenticates as a TLS client (RFC 8705 §2.1). */
  issueClient(
    name: string,
    validity: Validity = lasting(LEAF_DAYS),
    { subject = `CN=${name}`, alternativeNames = [{ type: 'dns', value: name }] }: ClientNames = {},
  ): Promise<KeyPair> {
    const names = new SubjectAlternativeNameExtension(alternativeNames);
    return this.issue(subject, leafExtensions(clientAuth, names), validity);
  }

  private async issue(subject: string, extensions: readonly Extension[], validity: Validity): Promise<KeyPair> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.create({
      subject,
      issuer: this.certificate.subject,
      publicKey: keys.publicKey,
      signingKey: await keyFromPem(this.pair.key),
      serialNumber: serialNumber(),
      signingAlgorithm: ALGORITHM,
      ...validity,
      extensions: [
        ...extensions,
        await SubjectKeyIdentifierExtension.create(keys.publicKey),
        await AuthorityKeyIdentifierExtension.create(this.certificate),
      ],
    });
    return { certificate: pem(certificate) + this.chain, key: await keyToPem(keys.privateKey) };
  }
}

const pem = (certificate: X509Certificate): string => `${certificate.toString('pem')}\n`;

/** Returns a random positive number of 16 bytes (RFC 5280 §4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes.readUInt8(0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

const lasting = (days: number): Validity => ({
  notBefore: new Date(Date.now() - CLOCK_TOLERANCE),
  notAfter: new Date(Date.now() + days * DAY),
});

/** @param below how many authorities may follow (RFC 5280 §4.2.1.9). */
const authorityExtensions = (below: number): Extension[] => [
  new BasicConstraintsExtension(true, below, true),
  new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
];

const leafExtensions = (usage: ExtendedKeyUsage, names: Extension): Extension[] => [
  new BasicConstraintsExtension(false, undefined, true),
  new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
  new ExtendedKeyUsageExtension([usage]),
  names,
];
