import { formatScope } from '@trefoil/oauth-protocol';
import { z } from 'zod';
import type { Client } from '../client.entity.js';
import type { ClientSecretSummary } from '../secrets/client-secrets.js';
import { adminMembers } from './client-input.js';

type Nullable<S> = { [K in keyof S]: S[K] extends z.ZodType ? z.ZodNullable<S[K]> : never };

const nullable = Object.fromEntries(
  Object.entries(adminMembers).map(([name, schema]) => [name, schema.nullable()]),
) as Nullable<typeof adminMembers>;

/** A client as the admin API and the commands show it. Null means the default of the security profile. */
export const ClientJson = z.object({
  client_id: z.string(),
  ...nullable,
  token_endpoint_auth_method: z.string(),
  disabled_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
});
export type ClientJson = z.infer<typeof ClientJson>;

/** A client with its new secret, which is shown once. */
export const ClientWithSecretJson = ClientJson.extend({ client_secret: z.string().optional() });

/** Returns the JSON of a client: the members of RFC 7591 and those that the provider adds. */
export const clientJson = (client: Client): ClientJson => ({
  client_id: client.clientId,
  client_name: client.clientName,
  description: client.description,
  client_uri: client.clientUri,
  security_profile: client.securityProfile,
  token_endpoint_auth_method: client.tokenEndpointAuthMethod,
  application_type: client.applicationType,
  grant_types: client.grantTypes,
  redirect_uris: client.redirectUris,
  post_logout_redirect_uris: client.postLogoutRedirectUris,
  scope: formatScope(client.scopes),
  token_exchange_resources: client.tokenExchangeResources,
  contacts: client.contacts,
  logo_uri: client.logoUri,
  policy_uri: client.policyUri,
  tos_uri: client.tosUri,
  software_id: client.softwareId,
  software_version: client.softwareVersion,
  jwks: client.jwks,
  jwks_uri: client.jwksUri,
  token_endpoint_auth_signing_alg: client.tokenEndpointAuthSigningAlg,
  request_object_signing_alg: client.requestObjectSigningAlg,
  id_token_signed_response_alg: client.idTokenSignedResponseAlg,
  userinfo_signed_response_alg: client.userinfoSignedResponseAlg,
  authorization_signed_response_alg: client.authorizationSignedResponseAlg,
  introspection_signed_response_alg: client.introspectionSignedResponseAlg,
  require_pushed_authorization_requests: client.requirePushedAuthorizationRequests,
  require_signed_request_object: client.requireSignedRequestObject,
  response_modes: client.responseModes,
  dpop_bound_access_tokens: client.dpopBoundAccessTokens,
  tls_client_certificate_bound_access_tokens: client.tlsClientCertificateBoundAccessTokens,
  tls_client_auth_subject_dn: client.tlsClientAuthSubjectDn,
  tls_client_auth_san_dns: client.tlsClientAuthSanDns,
  tls_client_auth_san_uri: client.tlsClientAuthSanUri,
  tls_client_auth_san_ip: client.tlsClientAuthSanIp,
  tls_client_auth_san_email: client.tlsClientAuthSanEmail,
  subject_type: client.subjectType,
  sector_identifier_uri: client.sectorIdentifierUri,
  default_max_age: client.defaultMaxAge,
  require_auth_time: client.requireAuthTime,
  default_acr_values: client.defaultAcrValues,
  initiate_login_uri: client.initiateLoginUri,
  backchannel_logout_uri: client.backchannelLogoutUri,
  backchannel_logout_session_required: client.backchannelLogoutSessionRequired,
  disabled_at: client.disabledAt?.toISOString() ?? null,
  created_at: client.createdAt.toISOString(),
});

/** The facts about a secret of a client, without the secret. */
export const ClientSecretJson = z.object({
  secret_id: z.uuid(),
  created_at: z.iso.datetime(),
  /** Exact to about ten minutes; null when the secret was never used. */
  last_used_at: z.iso.datetime().nullable(),
  expires_at: z.iso.datetime().nullable(),
});
export type ClientSecretJson = z.infer<typeof ClientSecretJson>;

/** Returns the JSON of a secret of a client. */
export const clientSecretJson = ({ id, createdAt, lastUsedAt, expiresAt }: ClientSecretSummary): ClientSecretJson => ({
  secret_id: id,
  created_at: createdAt.toISOString(),
  last_used_at: lastUsedAt?.toISOString() ?? null,
  expires_at: expiresAt?.toISOString() ?? null,
});
