import { invalidClientMetadata, readJwkSet, usesCertificate } from '@trefoil/oauth-protocol';
import { X509Certificate } from 'node:crypto';
import type { Client } from '../../client.entity.js';
import { type ExpectedSubject, SUBJECT_RULES } from '../../keys/certificate-subject.js';
import type { RegistrationContext } from './registration-context.js';

type Columns = ExpectedSubject & Pick<Client, 'tlsClientCertificateBoundAccessTokens'>;

const MEMBERS = Object.keys(SUBJECT_RULES) as (keyof typeof SUBJECT_RULES)[];

/**
 * Checks the members about client certificates. With `tls_client_auth`, exactly one member names the subject of the
 * certificates (RFC 8705 §2.1.2). With `self_signed_tls_client_auth`, the certificates are those of the client's keys (§2.2).
 * Tokens are bound to a certificate or to a DPoP key, not to both. Nothing of this is accepted while the provider asks for no
 * certificates.
 *
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkClientCertificate(
  { metadata, certificateMethods = [] }: Pick<RegistrationContext, 'metadata' | 'certificateMethods'>,
  { tokenEndpointAuthMethod }: Pick<Client, 'tokenEndpointAuthMethod'>,
): Columns {
  const isBound = metadata.tls_client_certificate_bound_access_tokens;
  if (isBound && certificateMethods.length === 0) {
    throw invalidClientMetadata(
      'tls_client_certificate_bound_access_tokens is not supported, because this server asks for no client certificates',
    );
  }
  if (isBound && metadata.dpop_bound_access_tokens) {
    throw invalidClientMetadata(
      'tls_client_certificate_bound_access_tokens and dpop_bound_access_tokens must not both be true',
    );
  }
  if (usesCertificate(tokenEndpointAuthMethod) && !certificateMethods.includes(tokenEndpointAuthMethod)) {
    throw invalidClientMetadata(
      `token_endpoint_auth_method ${tokenEndpointAuthMethod} is not supported by the configuration of this server`,
    );
  }
  if (tokenEndpointAuthMethod === 'self_signed_tls_client_auth') checkCertificates(metadata.jwks);
  const subject = tokenEndpointAuthMethod === 'tls_client_auth' ? checkSubject(metadata) : NO_SUBJECT;
  return { ...subject, tlsClientCertificateBoundAccessTokens: isBound };
}

const NO_SUBJECT: ExpectedSubject = {
  tlsClientAuthSubjectDn: null,
  tlsClientAuthSanDns: null,
  tlsClientAuthSanUri: null,
  tlsClientAuthSanIp: null,
  tlsClientAuthSanEmail: null,
};

function checkSubject(metadata: RegistrationContext['metadata']): ExpectedSubject {
  const [name, ...more] = MEMBERS.filter((member) => metadata[member] !== undefined);
  if (name === undefined || more.length > 0) {
    throw invalidClientMetadata(
      `token_endpoint_auth_method tls_client_auth needs exactly one of ${MEMBERS.join(', ')}`,
    );
  }
  const { column, form, isWellFormed } = SUBJECT_RULES[name];
  const value = metadata[name] ?? '';
  if (!isWellFormed(value)) throw invalidClientMetadata(`${name} must be ${form}`);
  return { ...NO_SUBJECT, [column]: value };
}

/** Checks keys by value: one has a certificate, and every certificate is that of its key (RFC 7517 §4.7). */
function checkCertificates(jwks: unknown): void {
  if (jwks === undefined) return;
  const withCertificate = (readJwkSet(jwks)?.keys ?? []).filter(({ jwk }) => jwk.x5c !== undefined);
  if (withCertificate.length === 0) throw invalidClientMetadata('jwks must have a key with a certificate (x5c)');
  for (const { jwk, key } of withCertificate) {
    if (!readCertificate(jwk.x5c?.[0])?.publicKey.equals(key)) {
      throw invalidClientMetadata('jwks has an x5c whose first certificate is not that of its key');
    }
  }
}

function readCertificate(base64 = ''): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}
