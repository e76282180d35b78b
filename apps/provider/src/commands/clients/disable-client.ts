import { ClientAdministration } from '../../clients/administration/client-administration.js';
import { Disablements } from '../../issued-tokens/disablements.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';

/** Builds the command `client disable`. */
export const disableClient = ({ act, confirm }: CommandTools) =>
  command('disable', 'Disable a client and revoke all its grants and tokens', [
    'client disable marketing-sync',
    'client disable marketing-sync --yes --json',
  ])
    .argument('<client>', 'client_id')
    .addOption(yesOption())
    .action((clientId, options) =>
      act(options, async (installation) => {
        const { clientName } = await installation.get(ClientAdministration).find(clientId);
        await confirm(`Disable ${clientId} (${clientName}) and revoke all its grants and tokens?`, options);
        const changed = await installation.get(Disablements).disableClient(clientId, installation.origin);
        return {
          json: { client_id: clientId, disabled: true, changed },
          text: changed
            ? `${clientId} is disabled. Its grants and tokens are revoked.`
            : `${clientId} was already disabled.`,
        };
      }),
    );
