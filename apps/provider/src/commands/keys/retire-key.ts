import { KeyNotRetirableError, KeyRotation } from '../../keys/key-rotation.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { CommandError, notFound } from '../exit-code.js';

/** `key retire` */
export const retireKey = ({ act, confirm }: CommandTools) =>
  command('retire', 'End a key that has leaked, and all it signed; rotate first', [
    'key retire 1PX0y…',
    'key retire -- -PX0y…',
  ])
    .argument('<key>', 'its kid')
    .addOption(yesOption())
    .action((kid, options) =>
      act(options, async ({ get, origin }) => {
        const rotation = get(KeyRotation);
        if (!(await rotation.list()).some((key) => key.kid === kid)) throw notFound(`There is no signing key ${kid}.`);
        await confirm(`Refuse from now on everything that ${kid} has signed?`, options);
        await rotation.retire(kid, origin).catch((cause: unknown) => {
          if (!(cause instanceof KeyNotRetirableError)) throw cause;
          throw new CommandError('conflict', `${kid} still signs: trefoil key rotate gives it a successor.`, { cause });
        });
        return { json: { kid, retired: true }, text: `${kid} is retired.` };
      }),
    );
