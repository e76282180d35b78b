import { ClientSecrets } from '../../clients/secrets/client-secrets.js';
import { findClient } from '../clients/find-client.js';
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
      act(options, async (installation) => {
        await findClient(installation, clientId);
        const secrets = await installation.get(ClientSecrets).list(clientId);
        return {
          json: secrets.map(({ id, createdAt, lastUsedAt, expiresAt }) => ({
            secret_id: id,
            created_at: createdAt.toISOString(),
            last_used_at: lastUsedAt?.toISOString() ?? null,
            expires_at: expiresAt?.toISOString() ?? null,
          })),
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
