import type { Parameters } from '@trefoil/oauth-protocol';
import type { Choice } from '@trefoil/ui';
import { refusedValue } from '../../http/refusal.js';

/** A field of a form, and the member of the service's input that it sets. */
export interface FormField {
  /** The name of the member, which is also that of the input. */
  readonly name: string;
  readonly label: string;
  /**
   * `line` is a text, `lines` a list with one value a line, `number` a whole number, `flag` true or false, `choice` one of
   * several texts, `choices` a list of them, `json` a JSON value, and `password` a text that is never shown again.
   */
  readonly kind: 'line' | 'lines' | 'number' | 'flag' | 'choice' | 'choices' | 'json' | 'password';
  readonly hint?: string;
  readonly required?: boolean;
  readonly choices?: readonly Choice[];
  readonly maxLength?: number;
  /** Whether an emptied field is sent as an empty value; otherwise it is sent as null, which stands for the default. */
  readonly keepsEmpty?: boolean;
}

/** The entered text of each field by its name. Checkboxes have the values that are checked. */
export type FormText = Readonly<Record<string, readonly string[]>>;

/** The value of a checked box that stands alone. */
export const CHECKED = 'yes';

/** Returns the same choices as values and texts. */
export const choicesOf = (values: readonly string[]): Choice[] => values.map((value) => ({ value, label: value }));

/** Returns the entered text of the fields of a form. Browsers end lines with CR LF. */
export const readText = (form: Parameters, fields: readonly FormField[]): FormText =>
  Object.fromEntries(fields.map(({ name }) => [name, form.all(name).map((text) => text.replaceAll('\r\n', '\n'))]));

/** Returns the text of the fields for the JSON of a thing. */
export const textOf = (json: Readonly<Record<string, unknown>>, fields: readonly FormField[]): FormText =>
  Object.fromEntries(fields.map((field) => [field.name, textOfValue(json[field.name], field)]));

function textOfValue(value: unknown, { kind }: FormField): string[] {
  if (value === undefined || value === null || value === '' || value === false) return [];
  if (kind === 'flag') return [CHECKED];
  if (kind === 'json') return [JSON.stringify(value, null, 2)];
  const values = (Array.isArray(value) ? value : [value]).map(String);
  if (kind === 'lines') return values.length > 0 ? [values.join('\n')] : [];
  return values;
}

/**
 * Returns the members that the entered text sets: those whose text differs from the text before. Without a text before, for a
 * new thing, the members of empty fields are absent.
 *
 * @throws Refusal that names the field, when its text cannot be read as a value of its kind.
 */
export function membersOf(text: FormText, fields: readonly FormField[], before?: FormText): Record<string, unknown> {
  const changed = fields.filter(({ name }) => !before || !isSame(text[name], before[name]));
  const entries = changed.map((field) => [field.name, valueOf(text[field.name] ?? [], field, before)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function valueOf(values: readonly string[], field: FormField, before: FormText | undefined): unknown {
  const { kind, name, keepsEmpty } = field;
  if (kind === 'flag') return values.length > 0;
  if (kind === 'choices') return values.length > 0 || keepsEmpty ? values : emptyValue(before);
  const [entered = ''] = values;
  const trimmed = kind === 'password' ? entered : entered.trim();
  if (trimmed === '') return keepsEmpty && before ? '' : emptyValue(before);
  if (kind === 'lines') return linesOf(trimmed);
  if (kind === 'number') return numberOf(trimmed, name);
  return kind === 'json' ? jsonOf(trimmed, name) : trimmed;
}

const emptyValue = (before: FormText | undefined): null | undefined => (before ? null : undefined);

/** Returns the values of a text with one value a line. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

function numberOf(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isFinite(value)) throw refusedValue(name, 'must be a whole number');
  return value;
}

function jsonOf(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw refusedValue(name, 'must be JSON', { cause });
  }
}

const isSame = (one: readonly string[] = [], other: readonly string[] = []): boolean =>
  one.length === other.length && one.every((value) => other.includes(value));
