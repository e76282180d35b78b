import { ACCEPTED_ALGORITHMS } from '@trefoil/guards';
import {
  CLAIMS_OF_SCOPE,
  type ClientAuthenticationMethod,
  type GrantTypeName,
  PROMPTS,
  RESPONSE_MODES,
  SECURITY_PROFILES,
  usesCertificate,
} from '@trefoil/oauth-protocol';
import { SUPPORTED_ACR_VALUES } from '../sessions/authentication-context.js';
import { OFFERED_ALGORITHMS } from '../keys/offered-algorithms.js';

/** The parts of the metadata that depend on the installation. */
export interface MetadataSources {
  readonly issuer: string;
  readonly grantTypes: readonly GrantTypeName[];
  /** The scopes of the registered resource servers. */
  readonly resourceScopes: readonly string[];
  readonly clientIdMetadataDocuments: boolean;
  /** The methods by which clients can authenticate with a certificate (RFC 8705 §2). */
  readonly certificateMethods: readonly ClientAuthenticationMethod[];
  /** The URL of the listener that asks for certificates; absent when there is none (RFC 8705 §5). */
  readonly mtlsUrl?: string | undefined;
}

const everyAuthenticationMethod: readonly ClientAuthenticationMethod[] = unique(
  Object.values(SECURITY_PROFILES).flatMap((profile) => profile.clientAuthentication),
);
const responseAlgorithms = unique(
  Object.values(SECURITY_PROFILES).flatMap((profile) => profile.idTokenAlgorithms),
).filter((algorithm) => OFFERED_ALGORITHMS.some((offered) => offered === algorithm));

/** The algorithms with which clients may sign assertions and request objects. */
const clientAlgorithms = unique(Object.values(SECURITY_PROFILES).flatMap((profile) => profile.algorithms));

/** The claims of an ID token that describe the sign-in and not the user (OpenID Connect Core §2). */
const SIGN_IN_CLAIMS = ['iss', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'at_hash', 'sid'];

/** Returns the metadata of the provider (RFC 8414 §2, OpenID Connect Discovery §3). It lists exactly what the provider offers. */
export function providerMetadata(sources: MetadataSources) {
  const { issuer, grantTypes, resourceScopes, clientIdMetadataDocuments, certificateMethods, mtlsUrl } = sources;
  const authenticationMethods = everyAuthenticationMethod.filter(
    (method) => !usesCertificate(method) || certificateMethods.includes(method),
  );
  const provenMethods = authenticationMethods.filter((method) => method !== 'none');
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    jwks_uri: `${issuer}/jwks`,
    ...endpointsAt(issuer),
    registration_endpoint: `${issuer}/register`,
    client_id_metadata_document_supported: clientIdMetadataDocuments,
    end_session_endpoint: `${issuer}/end-session`,

    grant_types_supported: grantTypes,
    response_types_supported: ['code'],
    response_modes_supported: RESPONSE_MODES,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    scopes_supported: unique([...Object.keys(CLAIMS_OF_SCOPE), ...resourceScopes]),
    prompt_values_supported: PROMPTS,
    display_values_supported: ['page'],
    ui_locales_supported: ['en'],
    require_pushed_authorization_requests: false,
    // Only some clients must sign their requests; their client metadata says so (RFC 9101 §10.5).
    require_signed_request_object: false,
    request_parameter_supported: true,
    request_object_signing_alg_values_supported: clientAlgorithms,
    // The only request_uri values that are accepted come from /par (RFC 9126), and this member does not cover those.
    request_uri_parameter_supported: false,
    claims_parameter_supported: true,
    acr_values_supported: SUPPORTED_ACR_VALUES,

    token_endpoint_auth_methods_supported: authenticationMethods,
    token_endpoint_auth_signing_alg_values_supported: clientAlgorithms,
    revocation_endpoint_auth_methods_supported: authenticationMethods,
    revocation_endpoint_auth_signing_alg_values_supported: clientAlgorithms,
    introspection_endpoint_auth_methods_supported: provenMethods,
    introspection_endpoint_auth_signing_alg_values_supported: clientAlgorithms,

    dpop_signing_alg_values_supported: ACCEPTED_ALGORITHMS,
    tls_client_certificate_bound_access_tokens: certificateMethods.length > 0,
    ...(mtlsUrl !== undefined && certificateMethods.length > 0 && { mtls_endpoint_aliases: endpointsAt(mtlsUrl) }),

    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,

    subject_types_supported: ['public', 'pairwise'],
    id_token_signing_alg_values_supported: responseAlgorithms,
    userinfo_signing_alg_values_supported: responseAlgorithms,
    authorization_signing_alg_values_supported: responseAlgorithms,
    introspection_signing_alg_values_supported: responseAlgorithms,
    claim_types_supported: ['normal'],
    claims_supported: unique([...SIGN_IN_CLAIMS, ...Object.values(CLAIMS_OF_SCOPE).flat()]),
  };
}

export type ProviderMetadata = ReturnType<typeof providerMetadata>;

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Returns the endpoints that clients call themselves. */
const endpointsAt = (url: string) => ({
  token_endpoint: `${url}/token`,
  userinfo_endpoint: `${url}/userinfo`,
  introspection_endpoint: `${url}/introspect`,
  revocation_endpoint: `${url}/revoke`,
  pushed_authorization_request_endpoint: `${url}/par`,
  device_authorization_endpoint: `${url}/device_authorization`,
});
