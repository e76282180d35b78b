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

/** `client create` */
export const createClient = ({ act, terminal }: CommandTools) =>
  command('create', 'Register a client, and print its secret once', [
    'client create --name "My shop" --redirect-uri https://shop.example/callback --scope "openid profile"',
    'client create --id nightly --name Nightly --grant-type client_credentials --scope contacts:export',
    'client create --name "My app" --native --auth-method none --redirect-uri com.example.app:/callback',
  ])
    .option('--name <name>', 'its name, as people see it; asked for when missing')
    .option('--id <client>', 'its client_id (default: a new UUID)')
    .option('--description <text>', 'what it does, for the consent page')
    .option('--url <url>', 'its home page')
    .addOption(grantTypeOption())
    .option('--redirect-uri <uri...>', 'where people come back to after signing in')
    .option('--post-logout-redirect-uri <uri...>', 'where people come back to after signing out')
    .option('--backchannel-logout-uri <uri>', 'where it is told of the end of a session')
    .option('--scope <scope>', 'every scope it may be given, separated by spaces')
    .addOption(profileOption())
    .option('--auth-method <method>', 'how it authenticates at the token endpoint; none for what runs on a device')
    .option('--native', 'it is an application on a device')
    .option('--jwks <file>', 'a file with its public keys, a JWK set')
    .option('--jwks-uri <uri>', 'where it publishes its public keys')
    .option('--token-exchange-resource <resource...>', 'the servers for which it may exchange tokens (RFC 8693)')
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
          text: textList(shown) + (secret ? '\n\nKeep the secret: it is stored as a hash, and never shown again.' : ''),
        };
      });
    });

async function askName(terminal: Terminal): Promise<string> {
  if (!terminal.isInteractive) throw wrongUsage("error: required option '--name <name>' not specified");
  return (await terminal.ask('Name, as people see it: ')).trim();
}

/** An id is sent in URLs and headers, and typed by people; one that is a URL is that of a client's document. */
function checkClientId(clientId: string): string {
  if (/^[A-Za-z0-9][\w.-]{0,99}$/.test(clientId)) return clientId;
  throw wrongUsage('error: --id must be letters, digits, dots, hyphens and underscores, at most 100');
}

/** What was said; a member that is undefined is not the same as one that is missing. */
const given = (members: object): object =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
