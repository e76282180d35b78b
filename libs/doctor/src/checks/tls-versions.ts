import type { Check } from '../check.js';
import { judgeCertificates } from './judge-certificates.js';

/** Checks that servers refuse TLS versions before 1.2 and cipher suites without forward secrecy. */
export const tlsVersions: Check = {
  rule: 'tls-versions',
  group: 'Connections',
  title: 'Each server refuses TLS before 1.2, and suites without forward secrecy',
  source: 'RFC 9325 §3.1.1, §4.1; FAPI 2.0 Security Profile §5.2.1',
  severity: 'medium',
  why: 'Old versions and suites have known weaknesses, and recorded traffic can be decrypted when the key of the server leaks.',
  fix: 'Configure TLS 1.2 as the lowest version, with ECDHE suites and authenticated encryption only.',
  judge(observations) {
    const outcome = judgeCertificates(observations, ({ host, acceptsOldVersions, acceptsStaticKeys, negotiated }) => [
      ...(acceptsOldVersions
        ? [{ what: `${host} accepts TLS 1.0 or 1.1.`, evidence: `a handshake with TLS 1.1 at most succeeded` }]
        : []),
      ...(acceptsStaticKeys
        ? [{ what: `${host} accepts a suite without forward secrecy.`, evidence: `by default: ${negotiated}` }]
        : []),
    ]);
    if ('skipped' in outcome) return outcome;
    const made = observations.handshakes.filter(({ failure }) => failure === undefined);
    return { ...outcome, evidence: made.map(({ origin, negotiated }) => `${origin}: ${negotiated}`).join('; ') };
  },
};
