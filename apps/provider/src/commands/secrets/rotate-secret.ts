import { ClientAdministration } from '../../clients/administration/client-administration.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { readSeconds } from '../option-values.js';
import { textList } from '../text-table.js';

const DAY = 24 * 3600;

/** Builds the command `secret rotate`. */
export const rotateSecret = ({ act, confirm }: CommandTools) =>
  command('rotate', 'Give a client a new secret, printed once; old secrets expire after an overlap', [
    'secret rotate marketing-sync',
    'secret rotate marketing-sync --overlap 1h',
    'secret rotate marketing-sync --overlap 0 --yes',
  ])
    .argument('<client>', 'client_id')
    .option(
      '--overlap <time>',
      'how long old secrets stay valid: seconds, or a duration such as 30m, 12h, 7d',
      readSeconds,
      DAY,
    )
    .addOption(yesOption())
    .action((clientId, options) =>
      act(options, async (installation) => {
        const { get, origin } = installation;
        await installation.get(ClientAdministration).find(clientId);
        const overlapSeconds = options.overlap;
        if (overlapSeconds === 0)
          await confirm(`Expire the old secrets of ${clientId} now, without an overlap?`, options);
        const { id, secret } = await get(ClientAdministration).rotateSecret(clientId, { overlapSeconds }, origin);
        const shown = { client_id: clientId, secret_id: id, client_secret: secret };
        return {
          json: { ...shown, overlap_seconds: overlapSeconds },
          text: `${textList(shown)}\n\nStore the secret now. Only its hash is kept, so it cannot be shown again. Old secrets expire in ${overlapSeconds} seconds.`,
        };
      }),
    );
