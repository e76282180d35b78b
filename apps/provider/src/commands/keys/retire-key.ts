import { KeyRotation } from '../../keys/key-rotation.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { noSuchObject } from '../../http/refusal.js';

/** Builds the command `key retire`. */
export const retireKey = ({ act, confirm }: CommandTools) =>
  command('retire', 'Retire a leaked key: everything it signed becomes invalid. Rotate first', [
    'key retire 1PX0y…',
    'key retire -- -PX0y…',
  ])
    .argument('<key>', 'key id (kid)')
    .addOption(yesOption())
    .action((kid, options) =>
      act(options, async ({ get, origin }) => {
        const rotation = get(KeyRotation);
        if (!(await rotation.list()).some((key) => key.kid === kid))
          throw noSuchObject(`There is no signing key ${kid}.`);
        await confirm(`Refuse everything that ${kid} has signed?`, options);
        await rotation.retire(kid, origin);
        return { json: { kid, retired: true }, text: `${kid} is retired.` };
      }),
    );
