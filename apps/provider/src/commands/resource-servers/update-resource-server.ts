import { ResourceServerRegistrations } from '../../resource-servers/resource-server-registrations.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { wrongUsage } from '../exit-code.js';
import { namingOptions } from '../refused-options.js';
import { resourceServerAnswer } from './resource-server-answer.js';
import {
  clientOption,
  everyClientOption,
  lifetimeOption,
  RESOURCE_SERVER_OPTIONS,
  scopeOption,
  userClientOption,
  userClientsOf,
} from './resource-server-options.js';

/** Builds the command `resource-server update`. */
export const updateResourceServer = ({ act }: CommandTools) =>
  command('update', 'Change a resource server; what no option names stays as it is', [
    'resource-server update https://calendar.example --name "Team calendar"',
    'resource-server update https://calendar.example --user-client frontend api-docs',
    'resource-server update https://calendar.example --scope "events:read users=see your calendar" "events:write users=add to your calendar"',
  ])
    .argument('<identifier>', 'its URL')
    .option('--name <name>', 'name that people see on the consent page')
    .addOption(scopeOption())
    .addOption(userClientOption())
    .addOption(everyClientOption())
    .option('--no-user-clients', 'no client may get tokens of users for it')
    .addOption(clientOption())
    .option('--no-client', 'no client represents the server')
    .addOption(lifetimeOption())
    .action((identifier, options) =>
      act(options, ({ get, origin }) =>
        namingOptions(RESOURCE_SERVER_OPTIONS, async () => {
          const patch = {
            name: options.name,
            scopes: options.scope,
            user_clients: userClientsOf(options),
            client_id: clientOf(options),
            access_token_lifetime: options.tokenLifetime,
          };
          const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
          if (Object.keys(given).length === 0)
            throw wrongUsage('error: give at least one option that changes something');
          return resourceServerAnswer(await get(ResourceServerRegistrations).update(identifier, given, origin));
        }),
      ),
    );

/** Returns `client_id` as the options set it; null for `--no-client`, undefined when they do not set it. */
const clientOf = ({ client }: { client?: string | boolean }): string | null | undefined => {
  if (client === false) return null;
  return typeof client === 'string' ? client : undefined;
};
