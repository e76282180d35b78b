/** Client metadata that the provider accepts. */
export const REGISTRATION = {
  redirect_uris: ['https://client.example/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  client_name: 'Hostile',
};

/** The members of client metadata, and names with a meaning for JavaScript objects. */
export const MEMBERS = [
  ...Object.keys(REGISTRATION),
  'client_id',
  'client_secret',
  'registration_access_token',
  'application_type',
  'response_modes',
  'token_endpoint_auth_method',
  'token_endpoint_auth_signing_alg',
  'security_profile',
  'scope',
  'client_uri',
  'logo_uri',
  'policy_uri',
  'tos_uri',
  'contacts',
  'software_id',
  'software_version',
  'software_statement',
  'jwks',
  'jwks_uri',
  'request_object_signing_alg',
  'require_signed_request_object',
  'id_token_signed_response_alg',
  'id_token_encrypted_response_alg',
  'authorization_signed_response_alg',
  'subject_type',
  'sector_identifier_uri',
  'default_max_age',
  'require_auth_time',
  'default_acr_values',
  'require_pushed_authorization_requests',
  'dpop_bound_access_tokens',
  'initiate_login_uri',
  'post_logout_redirect_uris',
  'backchannel_logout_uri',
  'backchannel_logout_session_required',
  '__proto__',
  'constructor',
  'toString',
];

/** The configuration of an event stream that the provider accepts, except for its ID. */
export const STREAM = {
  stream_id: '',
  delivery: { method: 'urn:ietf:rfc:8936' },
  events_requested: ['https://schemas.openid.net/secevent/caep/event-type/session-revoked'],
  description: 'Hostile',
};
