import type { Check } from '../check.js';
import { isChainIncomplete, judgeCertificates } from './judge-certificates.js';

/** Checks that each server sends the authorities between its certificate and the root. */
export const certificateChain: Check = {
  rule: 'certificate-chain',
  group: 'Connections',
  title: 'Each server sends its certificate with the authorities below the root',
  source: 'RFC 8446 §4.4.2',
  severity: 'high',
  why: 'Browsers often find a missing authority by themselves, but other servers do not: sign-in works and calls between servers fail.',
  fix: 'Append the certificates of the authorities between the server and the root to the certificate file of the server.',
  judge: (observations) =>
    judgeCertificates(observations, (handshake) => {
      if (!isChainIncomplete(handshake)) return [];
      const [certificate] = handshake.chain;
      return [
        {
          what: `${handshake.host} sends its own certificate only, and its issuer is not among the trusted authorities.`,
          evidence: `${certificate?.subject ?? ''}, issued by ${certificate?.issuer ?? ''}`,
        },
      ];
    }),
};
