import { KeyRotation } from '../../keys/key-rotation.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { keyAnswer } from './key-answer.js';

/** Builds the command `key list`. */
export const listKeys = ({ act }: CommandTools) =>
  command('list', 'List the signing keys and their state', ['key list', 'key list --json']).action((options) =>
    act(options, async ({ get }) => keyAnswer(await get(KeyRotation).list())),
  );
