import type { z } from 'zod';
import { Refusal } from '../http/refusal.js';
import { wrongUsage } from './exit-code.js';

/** The options that set the members of an object, by the names of the members. */
export type OptionNames = Readonly<Record<string, string>>;

/**
 * Parses the members that the options of a command have set. Leaves out those that no option has set.
 *
 * @throws CommandError `usage` that names the option.
 */
export function parseOptions<S extends z.ZodType>(schema: S, members: object, optionOf: OptionNames): z.output<S> {
  const given = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  const { data, error } = schema.safeParse(given);
  if (!error) return data;
  const [issue] = error.issues;
  const [unknown] = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  const message = unknown === undefined ? issue?.message : 'is not a member that can be given';
  throw refusedOption([...(issue?.path ?? []), unknown ?? []].flat().join('.'), message ?? 'is not valid', optionOf);
}

/** Does work, and reports a refused member with the name of its option. */
export async function namingOptions<T>(optionOf: OptionNames, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Refusal && cause.reason === 'invalid' && cause.field !== undefined) {
      throw refusedOption(cause.field, cause.sentence, optionOf, { cause });
    }
    throw cause;
  }
}

function refusedOption(field: string, message: string, optionOf: OptionNames, options?: ErrorOptions): Error {
  const [member = ''] = field.split('.');
  const option = optionOf[member];
  const name = option === undefined || field === member ? (option ?? field) : `${option}: ${field}`;
  return wrongUsage(`error: ${name} ${message}`, options);
}
