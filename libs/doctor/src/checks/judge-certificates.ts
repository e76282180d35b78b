import type { Outcome, Problem } from '../check.js';
import type { Handshake } from '../observations/handshakes.js';
import type { Observations } from '../observations/observe.js';

const NO_ISSUER = ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'];

/** Judges the certificate of each origin that answered a handshake. */
export function judgeCertificates(
  { handshakes }: Observations,
  judge: (handshake: Handshake) => readonly Problem[],
): Outcome {
  const made = handshakes.filter(({ failure }) => failure === undefined);
  if (made.length === 0) return { skipped: 'No server answered a TLS handshake.' };
  return {
    problems: made.flatMap(judge),
    evidence: made.map(({ origin, chain }) => `${origin}: ${chain[0]?.subject ?? 'no certificate'}`).join('; '),
  };
}

/** Returns whether a server sent one certificate without its issuer, and the issuer is not trusted itself. */
export const isChainIncomplete = ({ chain, verificationError }: Handshake): boolean =>
  chain.length === 1 && chain[0]?.subject !== chain[0]?.issuer && NO_ISSUER.includes(verificationError ?? '');

/** Returns whether a verification ended because of the period of a certificate. */
export const isDateError = (error: string): boolean => /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/.test(error);
