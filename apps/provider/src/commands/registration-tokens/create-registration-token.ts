import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { SECURITY_PROFILES, type SecurityProfileName } from '@trefoil/oauth-protocol';
import { registrationTokenJson } from '../../clients/registration/registration-token-json.js';
import { RegistrationTokens } from '../../clients/registration/registration-tokens.js';
import { command } from '../command-shape.js';
import type { CommandTools } from '../command-tools.js';
import { readSeconds } from '../option-values.js';
import { namingOptions } from '../refused-options.js';
import { textList } from '../text-table.js';

/** The option that sets each member of a registration token. */
const OPTION_OF = {
  id: '--id',
  token: '--token-stdin',
  description: '--description',
  default_profile: '--profile',
  allowed_profiles: '--allow-profile',
  expires_at: '--expires-in',
};

const PROFILES = Object.keys(SECURITY_PROFILES) as SecurityProfileName[];

/** Builds the command `registration-token create`. */
export const createRegistrationToken = ({ act, terminal }: CommandTools) =>
  command('create', 'Create a token with which clients register themselves, and print it once', [
    'registration-token create --description "Shop team" --expires-in 30d',
    'registration-token create --profile oidc --allow-profile oidc oauth2.1 --json',
    'registration-token create --token-stdin < token.txt',
  ])
    .option('--description <text>', 'what the token is for')
    .addOption(
      new Option('--profile <profile>', 'security profile of clients that request none')
        .choices(PROFILES)
        .default('oauth2.1' as const),
    )
    .addOption(
      new Option(
        '--allow-profile <profile...>',
        'profiles that clients may request (default: only --profile)',
      ).argParser((text: string, before: SecurityProfileName[] | undefined) => [...(before ?? []), readProfile(text)]),
    )
    .option(
      '--expires-in <duration>',
      'how long it is valid, such as 12h or 30d (default: until it is revoked)',
      readSeconds,
    )
    .option('--id <id>', 'id of the token, a UUID (default: a new one)')
    .option('--token-stdin', 'read the token from standard input instead of generating one')
    .action(async (options) => {
      const token = options.tokenStdin ? (await terminal.readInput()).replace(/\r?\n$/, '') : undefined;
      await act(options, ({ get, origin }) =>
        namingOptions(OPTION_OF, async () => {
          const input = {
            id: options.id,
            token,
            description: options.description,
            default_profile: options.profile,
            allowed_profiles: options.allowProfile,
            expires_at:
              options.expiresIn === undefined
                ? undefined
                : new Date(Date.now() + options.expiresIn * 1000).toISOString(),
          };
          const created = await get(RegistrationTokens).create(input, origin);
          const json = { ...registrationTokenJson(created.row), ...(token === undefined && { token: created.token }) };
          const shown = { id: json.id, token: json.token, expires: json.expires_at ?? 'never' };
          const note = '\n\nStore the token now. Only its hash is kept, so it cannot be shown again.';
          return { json, text: textList(shown) + (token === undefined ? note : '') };
        }),
      );
    });

function readProfile(text: string): SecurityProfileName {
  const profile = PROFILES.find((name) => name === text);
  if (profile === undefined) throw new InvalidArgumentError(`Allowed choices are ${PROFILES.join(', ')}.`);
  return profile;
}
