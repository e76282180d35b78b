import { ResourceServerRegistrations } from '../../resource-servers/resource-server-registrations.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { namingOptions } from '../refused-options.js';
import { resourceServerAnswer } from './resource-server-answer.js';
import {
  clientOption,
  everyClientOption,
  lifetimeOption,
  RESOURCE_SERVER_OPTIONS,
  scopeOption,
  userClientOption,
} from './resource-server-options.js';

/** Builds the command `resource-server create`. */
export const createResourceServer = ({ act }: CommandTools) =>
  command('create', 'Register a server that accepts access tokens', [
    'resource-server create https://calendar.example --name Calendar --scope "events:write users=add to your calendar" --user-client frontend',
    'resource-server create https://reports.example --name Reports --scope "reports:read machines=read all reports" --token-lifetime 5m',
  ])
    .argument('<identifier>', 'its URL, which is the audience of its access tokens')
    .requiredOption('--name <name>', 'name that people see on the consent page')
    .addOption(scopeOption())
    .addOption(userClientOption())
    .addOption(everyClientOption())
    .addOption(clientOption())
    .addOption(lifetimeOption())
    .action((identifier, options) =>
      act(options, ({ get, origin }) =>
        namingOptions(RESOURCE_SERVER_OPTIONS, async () => {
          const input = {
            identifier,
            name: options.name,
            scopes: options.scope ?? [],
            user_clients: options.everyClient ? null : (options.userClient ?? []),
            client_id: options.client,
            access_token_lifetime: options.tokenLifetime,
          };
          return resourceServerAnswer(await get(ResourceServerRegistrations).create(input, origin));
        }),
      ),
    );
