import { CLAIMS_OF_SCOPE, type GrantTypeName, SECURITY_PROFILES } from '@trefoil/oauth-protocol';
import { PROMPTS } from '../../model/pending-authorizations/authorization-request.js';
import { OFFERED_ALGORITHMS } from '../../model/signing-keys/stored-signing-keys.js';

/** What the metadata is made of beside what the code offers whatever the installation. */
export interface MetadataSources {
  readonly issuer: string;
  readonly grantTypes: readonly GrantTypeName[];
  /** The scopes of the registered resource servers. */
  readonly resourceScopes: readonly string[];
}

const authenticationMethods = unique(
  Object.values(SECURITY_PROFILES).flatMap((profile) => profile.clientAuthentication),
);
const provenMethods = authenticationMethods.filter((method) => method !== 'none');
const idTokenAlgorithms = unique(
  Object.values(SECURITY_PROFILES).flatMap((profile) => profile.idTokenAlgorithms),
).filter((algorithm) => OFFERED_ALGORITHMS.includes(algorithm));

/** The claims of an ID token that are about the sign-in and not about the user (OpenID Connect Core §2). */
const SIGN_IN_CLAIMS = ['iss', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'amr', 'at_hash', 'sid'];

/**
 * What the provider says of itself (RFC 8414 §2, OpenID Connect Discovery §3): everything that it does, and nothing that
 * it does not.
 */
export const providerMetadata = ({ issuer, grantTypes, resourceScopes }: MetadataSources) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/jwks`,
  userinfo_endpoint: `${issuer}/userinfo`,
  introspection_endpoint: `${issuer}/introspect`,
  revocation_endpoint: `${issuer}/revoke`,
  end_session_endpoint: `${issuer}/end-session`,

  grant_types_supported: grantTypes,
  response_types_supported: ['code'],
  response_modes_supported: ['query'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
  scopes_supported: unique([...Object.keys(CLAIMS_OF_SCOPE), ...resourceScopes]),
  prompt_values_supported: PROMPTS,
  display_values_supported: ['page'],
  ui_locales_supported: ['en'],
  request_parameter_supported: false,
  request_uri_parameter_supported: false,
  claims_parameter_supported: false,

  token_endpoint_auth_methods_supported: authenticationMethods,
  revocation_endpoint_auth_methods_supported: authenticationMethods,
  introspection_endpoint_auth_methods_supported: provenMethods,

  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: idTokenAlgorithms,
  claim_types_supported: ['normal'],
  claims_supported: unique([...SIGN_IN_CLAIMS, ...Object.values(CLAIMS_OF_SCOPE).flat()]),
});

export type ProviderMetadata = ReturnType<typeof providerMetadata>;

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
