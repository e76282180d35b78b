import { SUBJECT_KINDS } from '@trefoil/dto';
import type { Parameters } from '@trefoil/oauth-protocol';
import type {
  NewResourceServer,
  ResourceServerJson,
  ResourceServerPatch,
} from '../../resource-servers/resource-server-json.js';
import {
  CHECKED,
  choicesOf,
  type FormField,
  type FormText,
  linesOf,
  membersOf,
  readText,
  textOf,
} from '../forms/form-fields.js';

/** The rows for further scopes that a form offers. */
const EMPTY_ROWS = 3;

/** A body of forms has at most so many scopes; the service allows fewer. */
const MOST_ROWS = 200;

const IDENTIFIER: FormField = {
  ...{ name: 'identifier', label: 'Identifier', kind: 'line', required: true, maxLength: 500 },
  hint: 'The URL of the server, exactly as requests name it. It cannot be changed later.',
};

const EDITED: readonly FormField[] = [
  { name: 'name', label: 'Name', kind: 'line', required: true, maxLength: 100 },
  { name: 'access_token_lifetime', label: 'Lifetime of access tokens, in seconds', kind: 'number', required: true },
  { name: 'every_client', label: 'Every client may get tokens of users for it', kind: 'flag' },
  {
    ...{ name: 'user_clients', label: 'Clients that may get tokens of users for it', kind: 'lines' },
    hint: 'One client id a line. Used when the box above is not checked.',
  },
  {
    ...{ name: 'client_id', label: 'Client with which the server calls the provider', kind: 'line', maxLength: 200 },
    hint: 'Its client id.',
  },
];

/** The fields of a resource server, and those of each of its scopes. */
export interface ResourceServerFields {
  readonly server: readonly FormField[];
  readonly scopes: readonly (readonly FormField[])[];
}

/** A form of a resource server: its fields, and the text in them. */
export interface ResourceServerForm {
  readonly fields: ResourceServerFields;
  readonly text: FormText;
}

const NEW_SERVER_TEXT: FormText = { access_token_lifetime: ['600'] };

/** Returns every field of a form in one list. */
export const allFields = ({ fields }: ResourceServerForm): FormField[] => [...fields.server, ...fields.scopes.flat()];

/** Returns the form of a new resource server. */
export const newServerForm = (): ResourceServerForm => ({ fields: fieldsFor(true, EMPTY_ROWS), text: NEW_SERVER_TEXT });

/** Returns the form of a resource server as it is now. */
export function serverForm(json: ResourceServerJson): ResourceServerForm {
  const fields = fieldsFor(false, json.scopes.length + EMPTY_ROWS);
  const everyClient = { every_client: json.user_clients === null };
  const rows = Object.assign({}, ...json.scopes.map(rowMembers)) as Record<string, unknown>;
  return { fields, text: textOf({ ...json, ...everyClient, ...rows }, [...EDITED, ...fields.scopes.flat()]) };
}

/** Reads a submitted form. Rows of scopes that are empty are left out, so that the others move up. */
export function readServerForm(form: Parameters, isNew: boolean): ResourceServerForm {
  const rows = Array.from({ length: MOST_ROWS }, (_, index) => readText(form, scopeFields(index)));
  const filled = rows
    .map((row) => Object.values(row))
    .filter(([name, description]) => hasText(name) || hasText(description));
  const fields = fieldsFor(isNew, filled.length + EMPTY_ROWS);
  const scopes = filled.flatMap((values, index) =>
    scopeFields(index).map(({ name }, column) => [name, values[column] ?? []] as const),
  );
  return { fields, text: { ...readText(form, fields.server), ...Object.fromEntries(scopes) } };
}

/** Returns the new resource server that a form describes. The service checks it. */
export const newServerOf = (form: ResourceServerForm): NewResourceServer =>
  ({ ...changesOf(form), identifier: textIn(form.text, 'identifier') }) as NewResourceServer;

/** Returns the members that a form sets. The service checks them. */
export const serverPatchOf = (form: ResourceServerForm): ResourceServerPatch => changesOf(form);

function changesOf({ fields, text }: ResourceServerForm): Record<string, unknown> {
  const { every_client: _, user_clients: __, client_id, ...members } = membersOf(text, EDITED);
  const scopes = fields.scopes.slice(0, -EMPTY_ROWS).map((_row, index) => ({
    name: textIn(text, `scopes.${index}.name`),
    description: textIn(text, `scopes.${index}.description`),
    granted_to: text[`scopes.${index}.granted_to`] ?? [],
  }));
  const everyClient = text.every_client?.includes(CHECKED) ?? false;
  return {
    // Refused when nothing was entered, because both are required.
    ...{ name: '', access_token_lifetime: null },
    ...members,
    scopes,
    user_clients: everyClient ? null : linesOf(text.user_clients?.[0] ?? ''),
    client_id: client_id ?? null,
  };
}

function fieldsFor(isNew: boolean, rows: number): ResourceServerFields {
  return {
    server: isNew ? [IDENTIFIER, ...EDITED] : EDITED,
    scopes: Array.from({ length: rows }, (_, index) => scopeFields(index)),
  };
}

const scopeFields = (index: number): readonly FormField[] => [
  { name: `scopes.${index}.name`, label: 'Scope', kind: 'line', maxLength: 100 },
  {
    ...{ name: `scopes.${index}.description`, label: 'Words on the consent page', kind: 'line', maxLength: 200 },
    hint: 'They complete “The application wants to …”.',
  },
  {
    ...{ name: `scopes.${index}.granted_to`, label: 'Can be granted to', kind: 'choices' },
    choices: choicesOf(SUBJECT_KINDS),
  },
];

const rowMembers = (scope: ResourceServerJson['scopes'][number], index: number): Record<string, unknown> =>
  Object.fromEntries(Object.entries(scope).map(([member, value]) => [`scopes.${index}.${member}`, value]));

const textIn = (text: FormText, name: string): string => text[name]?.[0]?.trim() ?? '';

const hasText = (values: readonly string[] | undefined): boolean => Boolean(values?.[0]?.trim());
