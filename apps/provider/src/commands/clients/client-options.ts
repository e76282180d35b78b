import { Option } from '@commander-js/extra-typings';
import { GRANT_TYPE, OAuthError, SECURITY_PROFILES } from '@trefoil/oauth-protocol';
import { readFileSync } from 'node:fs';
import { wrongUsage } from '../exit-code.js';

/** Short names that are accepted for grant types whose full name is a URN. */
const SHORT_GRANT_TYPES: Readonly<Record<string, string>> = {
  'token-exchange': GRANT_TYPE.tokenExchange,
  device_code: GRANT_TYPE.deviceCode,
};

export const grantTypeOption = () =>
  new Option(
    '--grant-type <grant-type...>',
    'grant types it may use: authorization_code (with refresh_token when none is named), client_credentials, device_code, token-exchange',
  );

export const profileOption = () =>
  new Option('--profile <profile>', 'its security profile')
    .choices(Object.keys(SECURITY_PROFILES) as (keyof typeof SECURITY_PROFILES)[])
    .default('oauth2.1' as const);

/** Returns the full name of a grant type. */
export const grantTypeOf = (name: string): string => SHORT_GRANT_TYPES[name] ?? name;

/** The option that sets each member of the client metadata. */
const OPTION_OF: Readonly<Record<string, string>> = {
  client_name: '--name',
  client_uri: '--url',
  grant_types: '--grant-type',
  redirect_uris: '--redirect-uri',
  post_logout_redirect_uris: '--post-logout-redirect-uri',
  backchannel_logout_uri: '--backchannel-logout-uri',
  scope: '--scope',
  security_profile: '--profile',
  token_endpoint_auth_method: '--auth-method',
  application_type: '--native',
  jwks: '--jwks',
  jwks_uri: '--jwks-uri',
  tls_client_auth_subject_dn: '--tls-subject-dn',
  tls_client_auth_san_dns: '--tls-san-dns',
  tls_client_auth_san_uri: '--tls-san-uri',
  tls_client_auth_san_ip: '--tls-san-ip',
  tls_client_auth_san_email: '--tls-san-email',
  tls_client_certificate_bound_access_tokens: '--certificate-bound',
};

/** Reports a refused registration with the name of the option instead of the name of the metadata member. */
export async function namingOptions<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof OAuthError) throw wrongUsage(`error: ${withOptions(cause.description)}`, { cause });
    throw cause;
  }
}

const withOptions = (description: string): string =>
  description.replace(/\b[a-z]+(?:_[a-z]+)*\b/g, (word, at: number) =>
    // A member name at the start is the subject of the sentence. Later, only names with an underscore are certain to be member names.
    at === 0 || word.includes('_') ? (OPTION_OF[word] ?? word) : word,
  );

/** Reads the JSON file that an option names. */
export function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (cause) {
    throw wrongUsage(`error: --jwks: ${file} cannot be read as JSON`, { cause });
  }
}
