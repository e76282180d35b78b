import { invalidClientMetadata, invalidRedirectUri } from '@trefoil/oauth-protocol';
import { z } from 'zod';

/** Control characters, lone surrogates, and characters that change the writing direction, which can disguise a name. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/u;

const text = (longest = 200) =>
  z
    .string('must be a string')
    .min(1, 'must not be empty')
    .max(longest, `must not be longer than ${longest} characters`)
    .refine((value) => !UNPRINTABLE.test(value), 'contains a character that is not allowed');
const uri = () => text(2000);
const list = <T extends z.ZodType>(item: T) =>
  z.array(item, 'must be an array').max(50, 'must not have more than 50 values');
const flag = () => z.boolean('must be true or false');

/** The members of client metadata that a registration can set (RFC 7591 §2, OpenID Connect Registration §2). */
export const clientMetadataMembers = {
  redirect_uris: list(uri()),
  response_types: list(text()),
  response_modes: list(text()),
  grant_types: list(text()),
  token_endpoint_auth_method: text(),
  security_profile: text(),
  scope: text(1000),
  application_type: z.enum(['web', 'native'], 'must be web or native'),

  client_name: text(100),
  client_uri: uri(),
  logo_uri: uri(),
  policy_uri: uri(),
  tos_uri: uri(),
  contacts: list(text()),
  software_id: text(),
  software_version: text(),

  jwks: z.object(
    { keys: z.array(z.unknown(), 'must be an array').max(20, 'must not have more than 20 keys') },
    'must be a JWK set',
  ),
  jwks_uri: uri(),
  token_endpoint_auth_signing_alg: text(),
  request_object_signing_alg: text(),
  id_token_signed_response_alg: text(),
  userinfo_signed_response_alg: text(),
  authorization_signed_response_alg: text(),
  introspection_signed_response_alg: text(),
  require_pushed_authorization_requests: flag(),
  require_signed_request_object: flag(),
  dpop_bound_access_tokens: flag(),
  tls_client_certificate_bound_access_tokens: flag(),
  tls_client_auth_subject_dn: text(1000),
  tls_client_auth_san_dns: text(253),
  tls_client_auth_san_uri: uri(),
  tls_client_auth_san_ip: text(),
  tls_client_auth_san_email: text(),

  subject_type: z.enum(['public', 'pairwise'], 'must be public or pairwise'),
  sector_identifier_uri: uri(),
  default_max_age: z.int32('must be a whole number of seconds').min(0, 'must not be negative'),
  require_auth_time: flag(),
  default_acr_values: list(text().regex(/^\S+$/, 'must not contain spaces')),
  initiate_login_uri: uri(),
  post_logout_redirect_uris: list(uri()),
  backchannel_logout_uri: uri(),
  backchannel_logout_session_required: flag(),
};

/** Members that are read only to refuse them, see `checkUnsupportedMembers`. */
const unsupportedMembers = {
  software_statement: text(65_536),
  id_token_encrypted_response_alg: text(),
  userinfo_encrypted_response_alg: text(),
  authorization_encrypted_response_alg: text(),
  introspection_encrypted_response_alg: text(),
  request_object_encryption_alg: text(),
};

const { application_type, subject_type, contacts, default_acr_values, post_logout_redirect_uris } =
  clientMetadataMembers;

const clientMetadataSchema = z
  .object({ ...clientMetadataMembers, ...unsupportedMembers })
  .partial()
  .extend({
    application_type: application_type.default('web'),
    subject_type: subject_type.default('public'),
    contacts: contacts.default([]),
    default_acr_values: default_acr_values.default([]),
    post_logout_redirect_uris: post_logout_redirect_uris.default([]),
    require_auth_time: flag().default(false),
    require_pushed_authorization_requests: flag().default(false),
    require_signed_request_object: flag().default(false),
    dpop_bound_access_tokens: flag().default(false),
    tls_client_certificate_bound_access_tokens: flag().default(false),
    backchannel_logout_session_required: flag().default(false),
  });

/** The metadata that a client requests, each member with the right type (RFC 7591 §2, OpenID Connect Registration §2). */
export type ClientMetadata = z.output<typeof clientMetadataSchema>;

/**
 * Reads client metadata. Treats members that are null as absent (RFC 7592 §2.2), and ignores unknown ones (RFC 7591 §2).
 *
 * @throws OAuthError `invalid_redirect_uri` or `invalid_client_metadata` naming the member (RFC 7591 §3.2.2).
 */
export function readClientMetadata(body: unknown): ClientMetadata {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidClientMetadata('the metadata must be a JSON object');
  }
  const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
  const { data, error } = clientMetadataSchema.safeParse(given);
  if (data) return data;
  const [{ path, message } = { path: [], message: 'is not valid' }] = error.issues;
  const description = `${path.join('.')} ${message}`;
  throw path[0] === 'redirect_uris' ? invalidRedirectUri(description) : invalidClientMetadata(description);
}
