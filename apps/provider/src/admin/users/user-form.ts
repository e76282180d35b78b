import type { UserInput, UserPatch } from '../../users/administration/user-input.js';
import { UserInput as UserInputSchema, UserPatch as UserPatchSchema } from '../../users/administration/user-input.js';
import { parseOrRefuse } from '../../http/refusal.js';
import type { UserJson } from '../../users/user-json.js';
import { type FormField, type FormText, membersOf, textOf } from '../forms/form-fields.js';

const IDENTITY: readonly FormField[] = [
  {
    name: 'email',
    label: 'E-mail address',
    kind: 'line',
    required: true,
    maxLength: 200,
    hint: 'The user signs in with it.',
  },
  { name: 'name', label: 'Name', kind: 'line', maxLength: 200 },
];

/** The password of a new user, or the new password of a user. */
export const PASSWORD: readonly FormField[] = [
  {
    name: 'password',
    label: 'Password',
    kind: 'password',
    hint: 'Leave it empty to generate one, which is shown once.',
  },
];

/** The fields of a new user. */
export const NEW_USER: readonly FormField[] = [
  ...IDENTITY,
  ...PASSWORD,
  { name: 'administrator', label: 'Is an administrator', kind: 'flag' },
];

/** The fields of a user that can be edited. */
export const EDITED_USER = IDENTITY;

/** Returns the text of the fields for a user as they are now. */
export const userText = (json: UserJson): FormText => textOf(json, EDITED_USER);

/**
 * Reads a new user.
 *
 * @throws Refusal that names the field.
 */
export const newUserOf = (text: FormText): UserInput => parseOrRefuse(UserInputSchema, membersOf(text, NEW_USER));

/**
 * Reads the change of a user.
 *
 * @throws Refusal that names the field.
 */
export const userPatchOf = (text: FormText, present: UserJson): UserPatch =>
  parseOrRefuse(UserPatchSchema, membersOf(text, EDITED_USER, userText(present)));
