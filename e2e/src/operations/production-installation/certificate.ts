// The library registers its classes with decorators.
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { KeyObject, webcrypto } from 'node:crypto';

/** A certificate with its key, and the certificate of the authority that issued it. All are PEM. */
export interface IssuedCertificate {
  readonly authority: string;
  readonly cert: string;
  readonly key: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const VALID_MILLISECONDS = 24 * 3600 * 1000;

/** Generates an authority of its own for one test run, and a certificate for host names that it issued. */
export async function issueCertificate(...names: readonly string[]): Promise<IssuedCertificate> {
  const generate = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const [authorityKeys, keys] = [await generate(), await generate()];
  const times = {
    notBefore: new Date(Date.now() - VALID_MILLISECONDS),
    notAfter: new Date(Date.now() + VALID_MILLISECONDS),
  };
  const authority = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Trefoil test authority',
    keys: authorityKeys,
    signingAlgorithm: ALGORITHM,
    ...times,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${names[0]}`,
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    ...times,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value }))),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ format: 'pem', type: 'pkcs8' }).toString();
  return { authority: authority.toString('pem'), cert: certificate.toString('pem'), key };
}
