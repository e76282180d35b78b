import type { Client } from '../client.entity.js';
import { checkAlgorithms } from './rules/check-algorithms.js';
import { checkAuthenticationMethod } from './rules/check-authentication-method.js';
import { checkClientCertificate } from './rules/check-client-certificate.js';
import { checkClientUris } from './rules/check-client-uris.js';
import { checkGrantTypes } from './rules/check-grant-types.js';
import { checkKeys } from './rules/check-keys.js';
import { checkRedirectUris } from './rules/check-redirect-uris.js';
import { checkRegisteredScope } from './rules/check-registered-scope.js';
import { checkResponseModes } from './rules/check-response-modes.js';
import { checkSubjectType } from './rules/check-subject-type.js';
import { checkUnsupportedMembers } from './rules/check-unsupported-members.js';
import type { RegistrationContext } from './rules/registration-context.js';

/** The columns of a client that its metadata sets. The name is null when the metadata contains none. */
export type CheckedMetadata = Omit<
  Client,
  | 'clientId'
  | 'clientName'
  | 'description'
  | 'tokenExchangeResources'
  | 'registrationTokenHash'
  | 'initialAccessTokenId'
  | 'tokenGeneration'
  | 'disabledAt'
  | 'secrets'
  | 'createdAt'
  | 'updatedAt'
> & { clientName: string | null };

/**
 * Checks the metadata of a client rule by rule, and returns every column with its default filled in.
 *
 * @throws OAuthError with a code of RFC 7591 §3.2.2. The description names the member.
 */
export async function checkClientMetadata(context: RegistrationContext): Promise<CheckedMetadata> {
  const { metadata, profile } = context;
  checkUnsupportedMembers(context);
  const grants = checkGrantTypes(context);
  const redirects = checkRedirectUris(context, grants);
  const authentication = checkAuthenticationMethod(context, grants);
  return {
    securityProfile: profile,
    ...grants,
    ...redirects,
    ...authentication,
    ...checkKeys(context, authentication),
    ...checkClientCertificate(context, authentication),
    ...checkAlgorithms(context),
    ...checkResponseModes(context),
    ...checkRegisteredScope(context, grants),
    ...checkClientUris(context),
    // Runs last, because it may fetch a document from another server.
    ...(await checkSubjectType(context, redirects)),
    clientName: metadata.client_name ?? null,
    contacts: metadata.contacts,
    softwareId: metadata.software_id ?? null,
    softwareVersion: metadata.software_version ?? null,
    defaultMaxAge: metadata.default_max_age ?? null,
    requireAuthTime: metadata.require_auth_time,
    defaultAcrValues: metadata.default_acr_values,
    requirePushedAuthorizationRequests: metadata.require_pushed_authorization_requests,
    requireSignedRequestObject: metadata.require_signed_request_object,
    dpopBoundAccessTokens: metadata.dpop_bound_access_tokens,
    backchannelLogoutSessionRequired: metadata.backchannel_logout_session_required,
  };
}
