import { Option } from '@commander-js/extra-typings';
import { KeyRotation } from '../../keys/key-rotation.js';
import { OFFERED_ALGORITHMS } from '../../keys/offered-algorithms.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { keyAnswer } from './key-answer.js';

/** `key rotate` */
export const rotateKeys = ({ act, confirm }: CommandTools) =>
  command('rotate', 'Have the signing keys succeeded by new ones, which sign once everybody has them', [
    'key rotate',
    'key rotate --algorithm ES256',
    'key rotate --immediately --yes',
  ])
    .addOption(new Option('--algorithm <algorithm>', 'only the keys of one').choices(OFFERED_ALGORITHMS))
    .option('--immediately', 'sign with them at once, for emergencies: caches of /jwks may not have them yet')
    .addOption(yesOption())
    .action((options) =>
      act(options, async ({ get, origin }) => {
        const { algorithm, immediately = false } = options;
        if (immediately) await confirm('Sign at once with keys that verifiers may not have fetched yet?', options);
        return keyAnswer(await get(KeyRotation).rotate(algorithm, { immediately, origin }));
      }),
    );
