import { RegistrationTokens } from '../../clients/registration/registration-tokens.js';
import { command, yesOption } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';

/** Builds the command `registration-token revoke`. */
export const revokeRegistrationToken = ({ act, confirm }: CommandTools) =>
  command('revoke', 'Revoke a registration token; clients that were registered with it stay registered', [
    'registration-token revoke 0197a0e2-6a5e-7c1f-9d1e-3a4b5c6d7e8f',
    'registration-token revoke 0197a0e2-6a5e-7c1f-9d1e-3a4b5c6d7e8f --yes --json',
  ])
    .argument('<id>', 'id of the token')
    .addOption(yesOption())
    .action((id, options) =>
      act(options, async ({ get, origin }) => {
        const { description } = await get(RegistrationTokens).find(id);
        await confirm(`Revoke the registration token ${id}${description && ` (${description})`}?`, options);
        const changed = await get(RegistrationTokens).revoke(id, origin);
        return {
          json: { id, revoked: true, changed },
          text: changed ? `${id} is revoked.` : `${id} was already revoked.`,
        };
      }),
    );
