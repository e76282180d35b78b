import { registrationTokenJson } from '../../clients/registration/registration-token-json.js';
import { RegistrationTokens } from '../../clients/registration/registration-tokens.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { readCount } from '../option-values.js';
import { textTable, textTime } from '../text-table.js';

/** Builds the command `registration-token list`. */
export const listRegistrationTokens = ({ act }: CommandTools) =>
  command('list', 'List the registration tokens in the order of their ids, also expired and revoked ones', [
    'registration-token list',
    'registration-token list --json',
  ])
    .option('--after <id>', 'begin after this id')
    .option('--limit <count>', 'maximum number of tokens', readCount, 100)
    .action((options) =>
      act(options, async ({ get }) => {
        const tokens = await get(RegistrationTokens).page(options);
        const rows = tokens.map((token) => [
          token.id,
          stateOf(token),
          token.allowedProfiles.join(' '),
          textTime(token.createdAt),
          token.expiresAt ? textTime(token.expiresAt) : 'never',
          token.description,
        ]);
        return {
          json: tokens.map(registrationTokenJson),
          text: textTable(['ID', 'STATE', 'PROFILES', 'CREATED', 'EXPIRES', 'DESCRIPTION'], rows),
        };
      }),
    );

function stateOf({ revokedAt, expiresAt }: { revokedAt: Date | null; expiresAt: Date | null }): string {
  if (revokedAt) return 'revoked';
  return expiresAt && expiresAt <= new Date() ? 'expired' : 'valid';
}
