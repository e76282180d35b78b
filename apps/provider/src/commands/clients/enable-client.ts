import { Disablements } from '../../issued-tokens/disablements.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { findClient } from './find-client.js';

/** `client enable` */
export const enableClient = ({ act }: CommandTools) =>
  command('enable', 'Let a disabled client in again; what it had stays ended', ['client enable marketing-sync'])
    .argument('<client>', 'its client_id')
    .action((clientId, options) =>
      act(options, async (installation) => {
        await findClient(installation, clientId);
        const changed = await installation.get(Disablements).enableClient(clientId, installation.origin);
        return {
          json: { client_id: clientId, disabled: false, changed },
          text: changed ? `${clientId} is enabled.` : `${clientId} was enabled already.`,
        };
      }),
    );
