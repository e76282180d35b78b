import { GRANT_TYPE, RESPONSE_MODES, SECURITY_PROFILES } from '@trefoil/oauth-protocol';
import type { Choice } from '@trefoil/ui';
import { OFFERED_ALGORITHMS } from '../../keys/offered-algorithms.js';
import { choicesOf, type FormField } from '../forms/form-fields.js';

/** Fields that belong together. */
export interface FieldGroup {
  readonly title: string;
  readonly fields: readonly FormField[];
}

const DEFAULT: Choice = { value: '', label: 'The default of the security profile' };
const METHODS = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'];
const ONE_A_LINE = 'One a line.';

const line = (name: string, label: string, hint?: string): FormField => ({
  ...{ name, label, kind: 'line', maxLength: 4000 },
  ...(hint !== undefined && { hint }),
});
const lines = (name: string, label: string): FormField => ({ name, label, kind: 'lines', hint: ONE_A_LINE });
const flag = (name: string, label: string): FormField => ({ name, label, kind: 'flag' });
const algorithm = (name: string, label: string): FormField => ({
  ...{ name, label, kind: 'choice' },
  choices: [{ value: '', label: 'No choice' }, ...choicesOf(OFFERED_ALGORITHMS)],
});

/** Every member of a client that an administrator can set, as the fields of its form. */
export const CLIENT_GROUPS: readonly FieldGroup[] = [
  {
    title: 'Application',
    fields: [
      { name: 'client_name', label: 'Name', kind: 'line', maxLength: 100 },
      { ...line('description', 'Description', 'What it does. The consent page shows it.'), keepsEmpty: true },
      line('client_uri', 'Home page'),
      line('logo_uri', 'Logo'),
      line('policy_uri', 'Privacy policy'),
      line('tos_uri', 'Terms of service'),
      lines('contacts', 'Contacts'),
      line('software_id', 'Software id'),
      line('software_version', 'Software version'),
    ],
  },
  {
    title: 'Access',
    fields: [
      {
        ...{ name: 'grant_types', label: 'Grant types', kind: 'choices', keepsEmpty: true },
        choices: [
          { value: GRANT_TYPE.authorizationCode, label: 'Authorization code: users sign in' },
          { value: GRANT_TYPE.refreshToken, label: 'Refresh token: their access continues' },
          { value: GRANT_TYPE.clientCredentials, label: 'Client credentials: the client acts for itself' },
          { value: GRANT_TYPE.deviceCode, label: 'Device code: users sign in on another device' },
          { value: GRANT_TYPE.tokenExchange, label: 'Token exchange: for resource servers that call others' },
        ],
      },
      {
        ...line('scope', 'Scopes', 'Separated by spaces. A new client without an entry gets those of OpenID Connect.'),
        keepsEmpty: true,
      },
      lines('token_exchange_resources', 'Resource servers for which it may exchange tokens'),
      {
        ...{ name: 'security_profile', label: 'Security profile', kind: 'choice' },
        choices: choicesOf(Object.keys(SECURITY_PROFILES)),
      },
      {
        ...{ name: 'token_endpoint_auth_method', label: 'Client authentication', kind: 'choice' },
        choices: [DEFAULT, ...choicesOf(METHODS)],
        hint: 'A client that begins to authenticate with a secret gets one; one that no longer does loses all its secrets.',
      },
      { name: 'jwks', label: 'Public keys (JWK set)', kind: 'json' },
      line('jwks_uri', 'URL of the public keys'),
    ],
  },
  {
    title: 'Sign-in and sign-out',
    fields: [
      lines('redirect_uris', 'Redirect URIs'),
      lines('post_logout_redirect_uris', 'Redirect URIs after sign-out'),
      line('backchannel_logout_uri', 'URL for logout tokens'),
      flag('backchannel_logout_session_required', 'Logout tokens name the session'),
      line('initiate_login_uri', 'URL that starts a sign-in'),
      {
        ...{ name: 'application_type', label: 'Application type', kind: 'choice' },
        choices: choicesOf(['web', 'native']),
      },
      {
        ...{ name: 'subject_type', label: 'Subject type', kind: 'choice' },
        choices: choicesOf(['public', 'pairwise']),
      },
      line('sector_identifier_uri', 'Sector identifier URL'),
      { name: 'default_max_age', label: 'Longest age of a sign-in, in seconds', kind: 'number' },
      flag('require_auth_time', 'ID tokens contain the time of the sign-in'),
      lines('default_acr_values', 'Default authentication contexts'),
    ],
  },
  {
    title: 'Certificate of the method tls_client_auth (exactly one of these)',
    fields: [
      line('tls_client_auth_subject_dn', 'Distinguished name'),
      line('tls_client_auth_san_dns', 'DNS name'),
      line('tls_client_auth_san_uri', 'URI'),
      line('tls_client_auth_san_ip', 'IP address'),
      line('tls_client_auth_san_email', 'E-mail address'),
    ],
  },
  {
    title: 'Protection of requests and responses',
    fields: [
      flag('require_pushed_authorization_requests', 'Authorization requests must be pushed'),
      flag('require_signed_request_object', 'Authorization requests must be signed'),
      flag('dpop_bound_access_tokens', 'Access tokens are bound to a DPoP key'),
      flag('tls_client_certificate_bound_access_tokens', 'Access tokens are bound to a client certificate'),
      {
        ...{ name: 'response_modes', label: 'Response modes', kind: 'choices', hint: 'None checked: all are allowed.' },
        choices: choicesOf(RESPONSE_MODES),
      },
      algorithm('token_endpoint_auth_signing_alg', 'Algorithm of client authentication'),
      algorithm('request_object_signing_alg', 'Algorithm of request objects'),
      algorithm('id_token_signed_response_alg', 'Algorithm of ID tokens'),
      algorithm('userinfo_signed_response_alg', 'Algorithm of userinfo responses'),
      algorithm('authorization_signed_response_alg', 'Algorithm of authorization responses'),
      algorithm('introspection_signed_response_alg', 'Algorithm of introspection responses'),
    ],
  },
];

/** The fields that only a new client has. */
export const NEW_CLIENT_GROUP: FieldGroup = {
  title: 'Credentials',
  fields: [
    { name: 'client_id', label: 'Client id', kind: 'line', maxLength: 100, hint: 'Leave it empty to generate one.' },
    {
      ...{ name: 'client_secret', label: 'Client secret', kind: 'password' },
      hint: 'Leave it empty to generate one, which is shown once.',
    },
  ],
};
