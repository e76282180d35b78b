import type { Check, Problem } from '../check.js';
import type { CertificateFacts } from '../observations/handshakes.js';
import { judgeCertificates } from './judge-certificates.js';

const DAY = 24 * 3600 * 1000;
const LEAST_DAYS = 14;

/** Checks that the certificates are valid now and for two more weeks. */
export const certificateExpiry: Check = {
  rule: 'certificate-expiry',
  group: 'Connections',
  title: `Each certificate is valid now and for ${LEAST_DAYS} more days`,
  source: 'RFC 5280 §4.1.2.5',
  severity: 'high',
  why: 'From the end of a certificate on, every client refuses to connect, and every sign-in and call fails.',
  fix: 'Renew the certificate, and automate the renewal. Servers of Trefoil use changed certificate files without a restart.',
  judge: (observations) =>
    judgeCertificates(observations, ({ host, chain }) =>
      chain.flatMap((certificate) => problemOf(certificate, host, observations.startedAt)),
    ),
};

function problemOf({ subject, notBefore, notAfter }: CertificateFacts, host: string, now: Date): Problem[] {
  const evidence = `${subject}: valid from ${notBefore.toISOString()} to ${notAfter.toISOString()}`;
  const left = notAfter.getTime() - now.getTime();
  if (notBefore > now) return [{ what: `A certificate of ${host} is not valid yet.`, evidence }];
  if (left <= 0) return [{ what: `A certificate of ${host} has expired.`, evidence }];
  if (left >= LEAST_DAYS * DAY) return [];
  const days = Math.floor(left / DAY);
  return [{ what: `A certificate of ${host} expires in ${days} days.`, evidence, severity: 'medium' }];
}
