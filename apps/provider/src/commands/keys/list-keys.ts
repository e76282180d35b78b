import { KeyRotation } from '../../keys/key-rotation.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { keyAnswer } from './key-answer.js';

/** `key list` */
export const listKeys = ({ act }: CommandTools) =>
  command('list', 'List the signing keys and where in their life they are', ['key list', 'key list --json']).action(
    (options) => act(options, async ({ get }) => keyAnswer(await get(KeyRotation).list())),
  );
