import { ClientAdministration } from '../../clients/administration/client-administration.js';
import { clientSecretJson } from '../../clients/administration/client-json.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { textTable, textTime } from '../text-table.js';

/** Builds the command `secret list`. */
export const listSecrets = ({ act }: CommandTools) =>
  command('list', 'List the secrets of a client: when each was created, last used and expires', [
    'secret list marketing-sync',
  ])
    .argument('<client>', 'client_id')
    .action((clientId, options) =>
      act(options, async ({ get }) => {
        const secrets = await get(ClientAdministration).listSecrets(clientId);
        return {
          json: secrets.map(clientSecretJson),
          text: textTable(
            ['SECRET', 'CREATED', 'LAST USED', 'ENDS'],
            secrets.map(({ id, createdAt, lastUsedAt, expiresAt }) => [
              id,
              textTime(createdAt),
              lastUsedAt ? textTime(lastUsedAt) : 'never',
              expiresAt ? textTime(expiresAt) : 'never',
            ]),
          ),
        };
      }),
    );
