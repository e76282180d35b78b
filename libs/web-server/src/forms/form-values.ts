import { z } from 'zod';
import type { FormDescription } from './form-page.js';

/** Parses the fields of a submitted form. Of a repeated field the last value counts. */
export const FormValues = z
  .record(z.string(), z.union([z.string(), z.array(z.string())]))
  .nullish()
  .transform((values): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, [value].flat().at(-1) ?? ''])),
  );
export type FormValues = z.output<typeof FormValues>;

/** Returns the `form_token` of an unparsed request body. */
export const formTokenIn = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'form_token' in body ? body.form_token : undefined;

/** Returns the values of the fields of a form in an unparsed request body. All other fields are left out. */
export function valuesOf({ labels, hidden }: FormDescription, body: unknown): Record<string, string> {
  const submitted = FormValues.safeParse(body).data ?? {};
  const names = [...Object.keys(labels), ...hidden];
  return Object.fromEntries(names.flatMap((name) => (name in submitted ? [[name, submitted[name] ?? '']] : [])));
}
