import { EncryptedRows } from '../../keys/encryption/encrypted-rows.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { textTable } from '../text-table.js';

/** Builds the command `key encryption`. */
export const showEncryption = ({ act }: CommandTools) =>
  command('encryption', 'Show how many rows each ENCRYPTION_KEY encrypts, to know when an old key can be removed', [
    'key encryption',
    'key encryption --json',
  ]).action((options) =>
    act(options, async ({ get }) => {
      const states = await get(EncryptedRows).state();
      return {
        json: states.map(({ table, keyId, key, rows }) => ({ table, key_id: keyId, key, rows })),
        text: textTable(
          ['TABLE', 'KEY', 'WHICH', 'ROWS'],
          states.map(({ table, keyId, key, rows }) => [table, keyId, key, `${rows}`]),
        ),
      };
    }),
  );
