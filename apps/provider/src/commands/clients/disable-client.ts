import { Disablements } from '../../issued-tokens/disablements.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { findClient } from './find-client.js';

/** `client disable` */
export const disableClient = ({ act, confirm }: CommandTools) =>
  command('disable', 'Keep a client out, and end every grant and token it has', [
    'client disable marketing-sync',
    'client disable marketing-sync --yes --json',
  ])
    .argument('<client>', 'its client_id')
    .addOption(yesOption())
    .action((clientId, options) =>
      act(options, async (installation) => {
        const { clientName } = await findClient(installation, clientId);
        await confirm(`Disable ${clientId} (${clientName}), and end every grant and token it has?`, options);
        const changed = await installation.get(Disablements).disableClient(clientId, installation.origin);
        return {
          json: { client_id: clientId, disabled: true, changed },
          text: changed ? `${clientId} is disabled; what it was given has ended.` : `${clientId} was disabled already.`,
        };
      }),
    );
