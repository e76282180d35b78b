import type { Contact, FieldError } from '@trefoil/dto';
import type { FormValues } from '@trefoil/web-server';

/** The labels of the inputs, in the order of the form. */
export const CONTACT_LABELS = { name: 'Name', email: 'E-mail', phone: 'Phone', company: 'Company', notes: 'Notes' };

/** The entered text of a contact. The backend validates it. */
export type ContactText = Record<keyof typeof CONTACT_LABELS, string>;

/** The names of the inputs, in the order of the form. */
export const CONTACT_FIELDS = Object.keys(CONTACT_LABELS) as (keyof ContactText)[];

/** Error messages by the name of the input. `form` is a message about the whole form. */
export type ContactErrors = Partial<Record<keyof ContactText | 'form', string>>;

/** Reads the text of a form or a contact. Converts the CR LF of browsers to LF, as contacts have it. */
export function contactTextOf(values: FormValues | Contact): ContactText {
  const read = (name: keyof ContactText): string => (values[name] ?? '').replaceAll('\r\n', '\n');
  return {
    name: read('name'),
    email: read('email'),
    phone: read('phone'),
    company: read('company'),
    notes: read('notes'),
  };
}

/** Assigns the backend's errors to the inputs. Keeps the first error of each input. */
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
