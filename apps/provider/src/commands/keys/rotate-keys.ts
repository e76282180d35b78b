import { Option } from '@commander-js/extra-typings';
import { KeyRotation } from '../../keys/key-rotation.js';
import { OFFERED_ALGORITHMS } from '../../keys/offered-algorithms.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { keyAnswer } from './key-answer.js';

/** Builds the command `key rotate`. */
export const rotateKeys = ({ act, confirm }: CommandTools) =>
  command('rotate', 'Replace the signing keys; the new ones sign once every cache of /jwks has them', [
    'key rotate',
    'key rotate --algorithm ES256',
    'key rotate --immediately --yes',
  ])
    .addOption(new Option('--algorithm <algorithm>', 'only the keys of this algorithm').choices(OFFERED_ALGORITHMS))
    .option(
      '--immediately',
      'sign with the new keys at once, although caches of /jwks may not have them yet (for emergencies)',
    )
    .addOption(yesOption())
    .action((options) =>
      act(options, async ({ get, origin }) => {
        const { algorithm, immediately = false } = options;
        if (immediately) await confirm('Sign at once with keys that verifiers may not have fetched yet?', options);
        return keyAnswer(await get(KeyRotation).rotate(algorithm, { immediately, origin }));
      }),
    );
