import { EncryptedRows } from '../../keys/encryption/encrypted-rows.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { textTable } from '../text-table.js';

/** `key encryption` */
export const showEncryption = ({ act }: CommandTools) =>
  command('encryption', 'Show what is encrypted with which ENCRYPTION_KEY, to know when an old one may go', [
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
