import { invalidClientMetadata, invalidSoftwareStatement, unapprovedSoftwareStatement } from '@trefoil/oauth-protocol';
import type { RegistrationContext } from './registration-context.js';

const ENCRYPTION = [
  'id_token_encrypted_response_alg',
  'userinfo_encrypted_response_alg',
  'authorization_encrypted_response_alg',
  'introspection_encrypted_response_alg',
  'request_object_encryption_alg',
] as const;

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/**
 * Refuses members that the provider does not support, because a client may rely on them: software statements, as no issuer is
 * trusted (RFC 7591 §2.3), and encryption beyond TLS (OpenID Connect Registration §2).
 *
 * @throws OAuthError `invalid_software_statement`, `unapproved_software_statement`, `invalid_client_metadata`
 */
export function checkUnsupportedMembers({ metadata }: Pick<RegistrationContext, 'metadata'>): void {
  if (metadata.software_statement !== undefined) {
    if (!JWT.test(metadata.software_statement))
      throw invalidSoftwareStatement('software_statement is not a signed JWT');
    throw unapprovedSoftwareStatement('software_statement is not accepted: this server trusts no issuer of statements');
  }
  const encryption = ENCRYPTION.find((name) => metadata[name] !== undefined);
  if (encryption !== undefined)
    throw invalidClientMetadata(`${encryption} is not supported: this server does not encrypt responses`);
}
