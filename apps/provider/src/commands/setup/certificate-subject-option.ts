import { type ExpectedSubject, SUBJECT_RULES } from '../../clients/keys/certificate-subject.js';
import { wrongUsage } from '../exit-code.js';

/** The kinds of names in certificates, by the word that an option begins with. */
const KINDS = {
  dns: SUBJECT_RULES.tls_client_auth_san_dns,
  uri: SUBJECT_RULES.tls_client_auth_san_uri,
  dn: SUBJECT_RULES.tls_client_auth_subject_dn,
} as const;

/**
 * Reads the subject of a client certificate, such as `dns:frontend`, `uri:spiffe://example/frontend` or `dn:CN=frontend`.
 *
 * @param option the name of the option, for the error.
 * @throws CommandError `usage`
 */
export function readCertificateSubject(text: string, option: string): Partial<ExpectedSubject> {
  const [, kind, value = ''] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
  const rule = Object.entries(KINDS).find(([word]) => word === kind)?.[1];
  if (!rule) throw wrongUsage(`error: ${option} must begin with dns:, uri: or dn:, as in dns:frontend`);
  if (!rule.isWellFormed(value)) throw wrongUsage(`error: ${option} must be ${kind}: followed by ${rule.form}`);
  return { [rule.column]: value };
}
