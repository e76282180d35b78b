import { z } from 'zod';

/** The inputs of a form that was sent, each once; of an input that is repeated the last one counts. */
export const FormValues = z
  .record(z.string(), z.union([z.string(), z.array(z.string())]))
  .nullish()
  .transform((values): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, [value].flat().at(-1) ?? ''])),
  );
export type FormValues = z.output<typeof FormValues>;
