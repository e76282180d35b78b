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
 * What a client may rely on must not be dropped in silence: software statements come from nobody that is trusted here
 * (RFC 7591 §2.3), and nothing is encrypted beyond TLS (OpenID Connect Registration §2).
 *
 * @throws OAuthError `invalid_software_statement`, `unapproved_software_statement`, `invalid_client_metadata`
 */
export function checkNotOffered({ metadata }: Pick<RegistrationContext, 'metadata'>): void {
  if (metadata.software_statement !== undefined) {
    if (!JWT.test(metadata.software_statement))
      throw invalidSoftwareStatement('software_statement is not a signed JWT');
    throw unapprovedSoftwareStatement('software_statement is not taken: no issuer of statements is trusted here');
  }
  const encryption = ENCRYPTION.find((name) => metadata[name] !== undefined);
  if (encryption !== undefined) throw invalidClientMetadata(`${encryption} is not offered: nothing is encrypted here`);
}
