import { formatScope, GRANT_TYPE, securityProfile } from '@trefoil/oauth-protocol';
import type { Client } from '../client.entity.js';
import { needsDpop } from '../sender-constraint.js';

/** The client information response: a registration as its client sees it (RFC 7591 §3.2.1, RFC 7592 §3). */
export type ClientInformation = Record<string, unknown>;

/** The credentials in a response. They are known only right after the client got or presented them. */
export interface ClientCredentials {
  readonly registrationToken: string;
  readonly secret?: string;
}

/**
 * Returns every effective member of a client's metadata.
 *
 * @param secret a new secret. Later responses cannot contain it, because only its hash is stored.
 */
export function clientInformation(
  client: Client,
  issuer: string,
  { registrationToken, secret }: ClientCredentials,
): ClientInformation {
  const profile = securityProfile(client.securityProfile);
  const information = {
    client_id: client.clientId,
    ...(secret !== undefined && { client_secret: secret, client_secret_expires_at: 0 }),
    client_id_issued_at: Math.floor(client.createdAt.getTime() / 1000),
    registration_client_uri: `${issuer}/register/${client.clientId}`,
    registration_access_token: registrationToken,
    security_profile: client.securityProfile,
    application_type: client.applicationType,
    redirect_uris: client.redirectUris,
    response_types: client.grantTypes.includes(GRANT_TYPE.authorizationCode) ? ['code'] : [],
    response_modes: client.responseModes,
    grant_types: client.grantTypes,
    token_endpoint_auth_method: client.tokenEndpointAuthMethod,
    scope: formatScope(client.scopes),
    client_name: client.clientName,
    client_uri: client.clientUri,
    logo_uri: client.logoUri,
    policy_uri: client.policyUri,
    tos_uri: client.tosUri,
    contacts: client.contacts,
    software_id: client.softwareId,
    software_version: client.softwareVersion,
    jwks: client.jwks,
    jwks_uri: client.jwksUri,
    token_endpoint_auth_signing_alg: client.tokenEndpointAuthSigningAlg,
    request_object_signing_alg: client.requestObjectSigningAlg,
    id_token_signed_response_alg: client.idTokenSignedResponseAlg ?? profile.idTokenAlgorithms[0],
    userinfo_signed_response_alg: client.userinfoSignedResponseAlg,
    authorization_signed_response_alg: client.authorizationSignedResponseAlg,
    introspection_signed_response_alg: client.introspectionSignedResponseAlg,
    subject_type: client.subjectType,
    sector_identifier_uri: client.sectorIdentifierUri,
    default_max_age: client.defaultMaxAge,
    require_auth_time: client.requireAuthTime,
    default_acr_values: client.defaultAcrValues,
    require_pushed_authorization_requests:
      client.requirePushedAuthorizationRequests || profile.pushedRequest === 'required',
    require_signed_request_object: client.requireSignedRequestObject,
    tls_client_certificate_bound_access_tokens: client.tlsClientCertificateBoundAccessTokens,
    tls_client_auth_subject_dn: client.tlsClientAuthSubjectDn,
    tls_client_auth_san_dns: client.tlsClientAuthSanDns,
    tls_client_auth_san_uri: client.tlsClientAuthSanUri,
    tls_client_auth_san_ip: client.tlsClientAuthSanIp,
    tls_client_auth_san_email: client.tlsClientAuthSanEmail,
    dpop_bound_access_tokens: needsDpop(client),
    initiate_login_uri: client.initiateLoginUri,
    post_logout_redirect_uris: client.postLogoutRedirectUris,
    backchannel_logout_uri: client.backchannelLogoutUri,
    backchannel_logout_session_required: client.backchannelLogoutSessionRequired,
  };
  return Object.fromEntries(Object.entries(information).filter(([, value]) => value !== null));
}
