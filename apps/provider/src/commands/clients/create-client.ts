import { GRANT_TYPE } from '@trefoil/oauth-protocol';
import { randomUUID } from 'node:crypto';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { wrongUsage } from '../exit-code.js';
import type { Terminal } from '../terminal.js';
import { textList } from '../text-table.js';
import { clientJson } from './client-json.js';
import { grantTypeOf, grantTypeOption, namingOptions, profileOption, readJsonFile } from './client-options.js';
import { registerClient } from './register-client.js';

/** Builds the command `client create`. */
export const createClient = ({ act, terminal }: CommandTools) =>
  command('create', 'Register a client, and print its secret once', [
    'client create --name "My shop" --redirect-uri https://shop.example/callback --scope "openid profile"',
    'client create --id nightly --name Nightly --grant-type client_credentials --scope contacts:export',
    'client create --name "My app" --native --auth-method none --redirect-uri com.example.app:/callback',
  ])
    .option('--name <name>', 'name that people see; asked for when missing')
    .option('--id <client>', 'client_id (default: a new UUID)')
    .option('--description <text>', 'what the client does, shown on the consent page')
    .option('--url <url>', 'home page')
    .addOption(grantTypeOption())
    .option('--redirect-uri <uri...>', 'redirect URIs after sign-in')
    .option('--post-logout-redirect-uri <uri...>', 'redirect URIs after sign-out')
    .option('--backchannel-logout-uri <uri>', 'URL that receives logout tokens when a session ends')
    .option('--scope <scope>', 'scopes it may request, separated by spaces')
    .addOption(profileOption())
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
    .action(async (options) => {
      const name = options.name ?? (await askName(terminal));
      const grantTypes = options.grantType?.map(grantTypeOf) ?? [GRANT_TYPE.authorizationCode, GRANT_TYPE.refreshToken];
      const metadata = {
        client_name: name,
        client_uri: options.url,
        grant_types: grantTypes,
        redirect_uris: options.redirectUri,
        post_logout_redirect_uris: options.postLogoutRedirectUri,
        backchannel_logout_uri: options.backchannelLogoutUri,
        scope: options.scope,
        token_endpoint_auth_method: options.authMethod,
        application_type: options.native ? 'native' : undefined,
        jwks: options.jwks === undefined ? undefined : readJsonFile(options.jwks),
        jwks_uri: options.jwksUri,
        tls_client_auth_subject_dn: options.tlsSubjectDn,
        tls_client_auth_san_dns: options.tlsSanDns,
        tls_client_auth_san_uri: options.tlsSanUri,
        tls_client_auth_san_ip: options.tlsSanIp,
        tls_client_auth_san_email: options.tlsSanEmail,
        tls_client_certificate_bound_access_tokens: options.certificateBound,
      };
      const wishes = {
        clientId: checkClientId(options.id ?? randomUUID()),
        description: options.description ?? '',
        profile: options.profile,
        tokenExchangeResources: options.tokenExchangeResource ?? [],
      };
      await act(options, async (installation) => {
        const { client, secret } = await namingOptions(() => registerClient(installation, given(metadata), wishes));
        const shown = { client_id: client.clientId, client_secret: secret };
        return {
          json: { ...clientJson(client), ...given(shown) },
          text:
            textList(shown) +
            (secret ? '\n\nStore the secret now. Only its hash is kept, so it cannot be shown again.' : ''),
        };
      });
    });

async function askName(terminal: Terminal): Promise<string> {
  if (!terminal.isInteractive) throw wrongUsage("error: required option '--name <name>' not specified");
  return (await terminal.ask('Name that people see: ')).trim();
}

/** Checks an id for characters that are safe in URLs and headers. A URL would name a client metadata document. */
function checkClientId(clientId: string): string {
  if (/^[A-Za-z0-9][\w.-]{0,99}$/.test(clientId)) return clientId;
  throw wrongUsage(
    'error: --id must be 1 to 100 letters, digits, dots, hyphens and underscores, beginning with a letter or digit',
  );
}

/** Removes undefined members: the metadata schema tells them apart from missing ones. */
const given = (members: object): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
