import type { Check } from '../check.js';
import { isChainIncomplete, isDateError, judgeCertificates } from './judge-certificates.js';

/** Checks that each certificate leads to a trusted authority. */
export const certificateTrust: Check = {
  rule: 'certificate-trust',
  group: 'Connections',
  title: 'Each certificate is issued by a trusted authority',
  source: 'RFC 5280 §6.1',
  severity: 'high',
  why: 'Clients refuse to connect. Clients that were told to ignore it cannot notice somebody between them and the server.',
  fix: 'Use a certificate of an authority that the clients trust. For a private authority, give its root to the doctor (--ca) and to each server (NODE_EXTRA_CA_CERTS).',
  judge: (observations) =>
    judgeCertificates(observations, (handshake) => {
      const { verificationError: error, host, chain } = handshake;
      const isOther = error === undefined || error === 'ERR_TLS_CERT_ALTNAME_INVALID' || isDateError(error);
      if (isOther || isChainIncomplete(handshake)) return [];
      return [
        {
          what: `The certificate of ${host} is not issued by an authority that is trusted here (${error}).`,
          evidence: chain.map(({ subject, issuer }) => `${subject}, issued by ${issuer}`).join('; '),
        },
      ];
    }),
};
