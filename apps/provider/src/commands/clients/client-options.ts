import { Option } from '@commander-js/extra-typings';
import { GRANT_TYPE, OAuthError, SECURITY_PROFILES } from '@trefoil/oauth-protocol';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Refusal } from '../../http/refusal.js';
import { command } from '../command-shape.js';
import { wrongUsage } from '../exit-code.js';
import { namingOptions, type OptionNames } from '../refused-options.js';

/** Short names that are accepted for grant types whose full name is a URN. */
const SHORT_GRANT_TYPES: Readonly<Record<string, string>> = {
  'token-exchange': GRANT_TYPE.tokenExchange,
  device_code: GRANT_TYPE.deviceCode,
};

/** Adds the options that set the members of a client to a command. The file of `--metadata` sets every other member. */
export const clientCommand = (...parameters: Parameters<typeof command>) =>
  command(...parameters)
    .option('--name <name>', 'name that people see')
    .option('--description <text>', 'what the client does, shown on the consent page')
    .option('--url <url>', 'home page')
    .option(
      '--grant-type <grant-type...>',
      'grant types it may use: authorization_code (with refresh_token when none is named), client_credentials, device_code, token-exchange',
    )
    .option('--redirect-uri <uri...>', 'redirect URIs after sign-in')
    .option('--post-logout-redirect-uri <uri...>', 'redirect URIs after sign-out')
    .option('--initiate-login-uri <uri>', 'URL that starts a sign-in at the client')
    .option('--backchannel-logout-uri <uri>', 'URL that receives logout tokens when a session ends')
    .option('--scope <scope>', 'scopes it may request, separated by spaces')
    .addOption(
      new Option('--profile <profile>', 'its security profile').choices(
        Object.keys(SECURITY_PROFILES) as (keyof typeof SECURITY_PROFILES)[],
      ),
    )
    .option('--auth-method <method>', 'authentication method at the token endpoint; none for a public client')
    .option('--native', 'the client is a native application')
    .option('--jwks <file>', 'file with its public keys, as a JWK set')
    .option('--jwks-uri <uri>', 'URL at which it publishes its public keys')
    .option('--tls-subject-dn <name>', 'with tls_client_auth: distinguished name of its certificates (RFC 8705)')
    .option('--tls-san-dns <name>', 'with tls_client_auth: DNS name of its certificates')
    .option('--tls-san-uri <uri>', 'with tls_client_auth: URI of its certificates')
    .option('--tls-san-ip <address>', 'with tls_client_auth: IP address of its certificates')
    .option('--tls-san-email <address>', 'with tls_client_auth: email address of its certificates')
    .option('--certificate-bound', 'bind its access tokens to its client certificate')
    .option('--token-exchange-resource <resource...>', 'resource servers for which it may exchange tokens (RFC 8693)')
    .option('--metadata <file>', 'JSON file with further members of its metadata (RFC 7591), as in the admin API');

/** The values of the options of {@link clientCommand}. */
export type ClientOptions = ReturnType<ReturnType<typeof clientCommand>['opts']>;

/** The option that sets each member of a client. */
export const CLIENT_OPTIONS: OptionNames = {
  client_id: '--id',
  client_secret: 'the client secret',
  client_name: '--name',
  description: '--description',
  client_uri: '--url',
  grant_types: '--grant-type',
  redirect_uris: '--redirect-uri',
  post_logout_redirect_uris: '--post-logout-redirect-uri',
  initiate_login_uri: '--initiate-login-uri',
  backchannel_logout_uri: '--backchannel-logout-uri',
  scope: '--scope',
  security_profile: '--profile',
  token_endpoint_auth_method: '--auth-method',
  application_type: '--native',
  jwks: '--jwks',
  jwks_uri: '--jwks-uri',
  token_exchange_resources: '--token-exchange-resource',
  tls_client_auth_subject_dn: '--tls-subject-dn',
  tls_client_auth_san_dns: '--tls-san-dns',
  tls_client_auth_san_uri: '--tls-san-uri',
  tls_client_auth_san_ip: '--tls-san-ip',
  tls_client_auth_san_email: '--tls-san-email',
  tls_client_certificate_bound_access_tokens: '--certificate-bound',
};

/** Returns the members of a client that the options of a command set. An option wins over the file of `--metadata`. */
export function clientMembers(options: ClientOptions): Record<string, unknown> {
  const given = {
    client_name: options.name,
    description: options.description,
    client_uri: options.url,
    grant_types: options.grantType?.map((name) => SHORT_GRANT_TYPES[name] ?? name),
    redirect_uris: options.redirectUri,
    post_logout_redirect_uris: options.postLogoutRedirectUri,
    initiate_login_uri: options.initiateLoginUri,
    backchannel_logout_uri: options.backchannelLogoutUri,
    scope: options.scope,
    security_profile: options.profile,
    token_endpoint_auth_method: options.authMethod,
    application_type: options.native ? 'native' : undefined,
    jwks: options.jwks === undefined ? undefined : readJsonFile(options.jwks, '--jwks'),
    jwks_uri: options.jwksUri,
    tls_client_auth_subject_dn: options.tlsSubjectDn,
    tls_client_auth_san_dns: options.tlsSanDns,
    tls_client_auth_san_uri: options.tlsSanUri,
    tls_client_auth_san_ip: options.tlsSanIp,
    tls_client_auth_san_email: options.tlsSanEmail,
    tls_client_certificate_bound_access_tokens: options.certificateBound,
    token_exchange_resources: options.tokenExchangeResource,
  };
  const file = options.metadata === undefined ? {} : readJsonFile(options.metadata, '--metadata');
  return { ...file, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
}

/** Does work, and reports a refused member of a client with the name of its option. */
export async function namingClientOptions<T>(work: () => Promise<T>): Promise<T> {
  return namingOptions(CLIENT_OPTIONS, async () => {
    try {
      return await work();
    } catch (error) {
      // The rules of registration name several members in one sentence.
      if (!(error instanceof Refusal) || !(error.cause instanceof OAuthError)) throw error;
      throw wrongUsage(`error: ${withOptions(error.cause.description)}`, { cause: error });
    }
  });
}

const withOptions = (description: string): string =>
  description.replace(/\b[a-z]+(?:_[a-z]+)*\b/g, (word, at: number) =>
    // A member name at the start is the subject of the sentence. Later, only names with an underscore are certain to be member names.
    at === 0 || word.includes('_') ? (CLIENT_OPTIONS[word] ?? word) : word,
  );

const JsonObject = z.record(z.string(), z.unknown());

/** Reads the JSON object in the file that an option names. */
function readJsonFile(file: string, option: string): Record<string, unknown> {
  try {
    return JsonObject.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw wrongUsage(`error: ${option}: ${file} cannot be read as a JSON object`, { cause });
  }
}
