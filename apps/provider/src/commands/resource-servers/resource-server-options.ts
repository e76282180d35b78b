import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { SUBJECT_KINDS, type SubjectKind } from '@trefoil/dto';
import type { ResourceServerJson } from '../../resource-servers/resource-server-json.js';
import { wrongUsage } from '../exit-code.js';
import { readSeconds } from '../option-values.js';

/** The option that sets each member of a resource server. */
export const RESOURCE_SERVER_OPTIONS: Readonly<Record<string, string>> = {
  identifier: '<identifier>',
  name: '--name',
  scopes: '--scope',
  user_clients: '--user-client',
  client_id: '--client',
  access_token_lifetime: '--token-lifetime',
};

type ScopeJson = ResourceServerJson['scopes'][number];

export const scopeOption = () =>
  new Option(
    '--scope <scope...>',
    'its scopes with the words on the consent page and who can be granted them (users, administrators, machines): "events:write users=add to your calendar"',
  ).argParser((text: string, before: ScopeJson[] | undefined) => [...(before ?? []), readScope(text)]);

export const userClientOption = () =>
  new Option('--user-client <client...>', 'clients that may get tokens of users for it');

export const everyClientOption = () =>
  new Option('--every-client', 'every client may get tokens of users for it').conflicts('userClient');

export const clientOption = () => new Option('--client <client>', 'client with which the server calls the provider');

export const lifetimeOption = () =>
  new Option('--token-lifetime <duration>', 'lifetime of its access tokens, such as 600 or 10m').argParser(readSeconds);

/** Reads a scope such as `events:write users=add to your calendar` or `calls:read administrators,machines=see all calls`. */
function readScope(text: string): ScopeJson {
  const [, name, kinds, description] = /^(\S+)\s+([a-z,]+)=\s*(.*)$/.exec(text) ?? [];
  const granted_to = (kinds ?? '').split(',').filter(isSubjectKind);
  if (name === undefined || description === undefined || granted_to.length !== kinds?.split(',').length) {
    throw new InvalidArgumentError('It must be such as "events:write users=add to your calendar".');
  }
  return { name, description, granted_to };
}

const isSubjectKind = (text: string): text is SubjectKind => SUBJECT_KINDS.some((kind) => kind === text);

/**
 * Returns `user_clients` as the options set it; undefined when they do not.
 *
 * @param options `userClients` is false for `--no-user-clients`.
 */
export function userClientsOf({
  userClient,
  everyClient,
  userClients,
}: {
  userClient?: string[];
  everyClient?: true;
  userClients: boolean;
}): string[] | null | undefined {
  if (!userClients && (userClient || everyClient)) {
    throw wrongUsage('error: --no-user-clients excludes --user-client and --every-client');
  }
  if (everyClient) return null;
  return userClients ? userClient : [];
}
