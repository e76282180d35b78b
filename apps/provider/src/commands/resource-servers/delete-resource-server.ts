import { ResourceServerRegistrations } from '../../resource-servers/resource-server-registrations.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';

/** Builds the command `resource-server delete`. */
export const deleteResourceServer = ({ act, confirm }: CommandTools) =>
  command('delete', 'Delete a resource server: no more tokens are issued for it', [
    'resource-server delete https://calendar.example',
    'resource-server delete https://calendar.example --yes --json',
  ])
    .argument('<identifier>', 'its URL')
    .addOption(yesOption())
    .action((identifier, options) =>
      act(options, async ({ get, origin }) => {
        const registrations = get(ResourceServerRegistrations);
        const { name } = await registrations.find(identifier);
        await confirm(
          `Delete the resource server ${name} (${identifier}), so that no token is issued for it?`,
          options,
        );
        await registrations.remove(identifier, origin);
        return { json: { identifier, deleted: true }, text: `${identifier} is deleted.` };
      }),
    );
