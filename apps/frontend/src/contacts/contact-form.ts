import type { Contact, FieldError } from '@trefoil/dto';
import type { HeldValues } from '../forms/kept-forms.js';

/** The inputs of the form, in their order. */
export const CONTACT_FIELDS = ['name', 'email', 'phone', 'company', 'notes'] as const;

/** What a person typed of a contact; the backend says whether it can be accepted. */
export type ContactText = Record<(typeof CONTACT_FIELDS)[number], string>;

/** What to correct, by the name of the input; `form` is about none of them. */
export type ContactErrors = Partial<Record<keyof ContactText | 'form', string>>;

/** Reads the inputs of a form; browsers send line breaks as CR LF, contacts have LF. */
export function contactTextOf(values: HeldValues | Contact): ContactText {
  const read = (name: keyof ContactText): string => (values[name] ?? '').replaceAll('\r\n', '\n');
  return {
    name: read('name'),
    email: read('email'),
    phone: read('phone'),
    company: read('company'),
    notes: read('notes'),
  };
}

/** The errors of the backend, each at its input. */
export function contactErrorsOf(errors: readonly FieldError[] = []): ContactErrors {
  const found: ContactErrors = {};
  for (const { field, message } of errors) {
    const name = CONTACT_FIELDS.find((known) => known === field);
    if (name) found[name] ??= sentence(message);
    else found.form ??= `${field}: ${message}`;
  }
  return errors.length > 0 ? found : { form: 'The contacts service did not accept this.' };
}

const sentence = (message: string): string => `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
