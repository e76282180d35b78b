import type { Check } from '../check.js';
import { judgeCertificates } from './judge-certificates.js';

/** Checks that each certificate is for the host that presents it. */
export const certificateNames: Check = {
  rule: 'certificate-names',
  group: 'Connections',
  title: 'Each certificate is for the host that presents it',
  source: 'RFC 9525 §6',
  severity: 'high',
  why: 'Clients refuse to connect, because the certificate says nothing about the host that they asked for.',
  fix: 'Issue a certificate whose subject alternative names contain the host, or use a URL with a host of the certificate.',
  judge: (observations) =>
    judgeCertificates(observations, ({ host, chain, isForHost }) =>
      isForHost
        ? []
        : [
            {
              what: `The certificate that ${host} presents is not for ${host}.`,
              evidence: `subject alternative names: ${chain[0]?.names || 'none'}`,
            },
          ],
    ),
};
