import { ClientAdministration } from '../../clients/administration/client-administration.js';
import { Disablements } from '../../issued-tokens/disablements.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';

/** Builds the command `client enable`. */
export const enableClient = ({ act }: CommandTools) =>
  command('enable', 'Enable a disabled client; revoked grants and tokens stay revoked', [
    'client enable marketing-sync',
  ])
    .argument('<client>', 'client_id')
    .action((clientId, options) =>
      act(options, async (installation) => {
        await installation.get(ClientAdministration).find(clientId);
        const changed = await installation.get(Disablements).enableClient(clientId, installation.origin);
        return {
          json: { client_id: clientId, disabled: false, changed },
          text: changed ? `${clientId} is enabled.` : `${clientId} was already enabled.`,
        };
      }),
    );
