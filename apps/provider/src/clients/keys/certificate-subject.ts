import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Client } from '../client.entity.js';
import { canonicalName, canonicalSubject } from './distinguished-name.js';

/** The columns of a client of which one names the subject of its certificates (RFC 8705 §2.1.2). */
export type ExpectedSubject = Pick<
  Client,
  | 'tlsClientAuthSubjectDn'
  | 'tlsClientAuthSanDns'
  | 'tlsClientAuthSanUri'
  | 'tlsClientAuthSanIp'
  | 'tlsClientAuthSanEmail'
>;

/** A rule for one of the members of RFC 8705 §2.1.2. */
interface SubjectRule {
  readonly column: keyof ExpectedSubject;
  /** The form of a value, for error messages. */
  readonly form: string;
  isWellFormed(value: string): boolean;
  isIn(certificate: X509Certificate, value: string): boolean;
}

const DNS_NAME = /^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/;
const EMAIL = /^[^@\s]+@[^@\s]+$/;

/** An entry of the subject alternative names as Node writes them. A value with special characters is quoted as in JSON. */
const ALTERNATIVE_NAME = /(?:^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?=, |$)/y;

/** The members by which a client names the subject of its certificates. */
export const SUBJECT_RULES = {
  tls_client_auth_subject_dn: {
    column: 'tlsClientAuthSubjectDn',
    form: 'a distinguished name such as CN=frontend,O=Example (RFC 4514)',
    isWellFormed: (value) => canonicalName(value) !== undefined,
    isIn: ({ subject }, value) => subject !== undefined && canonicalSubject(subject) === canonicalName(value),
  },
  tls_client_auth_san_dns: {
    column: 'tlsClientAuthSanDns',
    form: 'a DNS name without wildcard',
    isWellFormed: (value) => DNS_NAME.test(value),
    isIn: (certificate, value) =>
      certificate.checkHost(value, { subject: 'never', wildcards: false, partialWildcards: false }) !== undefined,
  },
  tls_client_auth_san_uri: {
    column: 'tlsClientAuthSanUri',
    form: 'an absolute URI',
    isWellFormed: (value) => URL.canParse(value),
    isIn: ({ subjectAltName }, value) => urisOf(subjectAltName).includes(value),
  },
  tls_client_auth_san_ip: {
    column: 'tlsClientAuthSanIp',
    form: 'an IP address',
    isWellFormed: (value) => isIP(value) !== 0,
    isIn: (certificate, value) => certificate.checkIP(value) !== undefined,
  },
  tls_client_auth_san_email: {
    column: 'tlsClientAuthSanEmail',
    form: 'an email address',
    isWellFormed: (value) => EMAIL.test(value),
    isIn: (certificate, value) => certificate.checkEmail(value, { subject: 'never' }) !== undefined,
  },
} as const satisfies Record<string, SubjectRule>;

/** Returns whether a certificate has the subject that a client has registered (RFC 8705 §2.1). */
export function hasSubjectOf(client: ExpectedSubject, certificate: X509Certificate): boolean {
  const registered = Object.values(SUBJECT_RULES).flatMap(({ column, isIn, isWellFormed }) => {
    const value = client[column];
    return value === null ? [] : [isWellFormed(value) && isIn(certificate, value)];
  });
  return registered.length === 1 && registered[0] === true;
}

/** Returns the URIs among alternative names; none when the text cannot be read as a whole. */
function urisOf(names = ''): string[] {
  const found = [...names.matchAll(new RegExp(ALTERNATIVE_NAME, 'gy'))];
  if (found.reduce((length, [entry]) => length + entry.length, 0) !== names.length) return [];
  return found.flatMap(([, type, value = '']) => (type === 'URI' ? [unquoted(value)] : []));
}

const unquoted = (value: string): string => (value.startsWith('"') ? String(JSON.parse(value)) : value);
