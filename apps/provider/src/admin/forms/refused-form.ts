import { ProblemError } from '@trefoil/server-kit';
import { Refusal } from '../../http/refusal.js';
import type { FormField } from './form-fields.js';

/** Why a form was not accepted. */
export interface RefusedForm {
  /** The status of the answer. */
  readonly status: number;
  /** The error of each field, by its name. */
  readonly errors: Readonly<Record<string, string>>;
  /** The error that belongs to no field. */
  readonly message?: string;
}

/** The result of an attempt, or why the service refused it. */
export type Attempt<T> =
  { readonly refused?: undefined; readonly done: T } | { readonly refused: RefusedForm; readonly done?: undefined };

const CHANGED_MEANWHILE =
  'Somebody else changed this after you opened the form. Save again to replace their change, or open the form again to see it.';

/**
 * Calls a service, and returns why it refuses the call, in the words of the form.
 *
 * @param fields the fields of the form, by which the refused member is labelled.
 * @throws the error when it is no refusal, or when the thing does not exist.
 */
export async function attempt<T>(fields: readonly FormField[], work: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { done: await work() };
  } catch (error) {
    if (error instanceof Refusal && error.reason !== 'not-found') return { refused: refusedForm(error, fields) };
    if (error instanceof ProblemError && error.status === 412) {
      return { refused: { status: 412, errors: {}, message: CHANGED_MEANWHILE } };
    }
    throw error;
  }
}

function refusedForm({ status, reason, sentence, field }: Refusal, fields: readonly FormField[]): RefusedForm {
  if (field === undefined) return { status, errors: {}, message: sentence };
  const shown = fields.find(({ name }) => name === field) ?? fields.find(({ name }) => field.startsWith(`${name}.`));
  const text = reason === 'conflict' ? sentence : labelled(shown?.label ?? field, sentence);
  return shown ? { status, errors: { [shown.name]: text } } : { status, errors: {}, message: text };
}

/** Returns a sentence about a field. Most messages begin with a verb and complete a sentence about the field. */
const labelled = (label: string, message: string): string =>
  `${label}${/^(must|has|is|names|contains|repeats)\b/.test(message) ? ' ' : ': '}${message.replace(/\.$/, '')}.`;
