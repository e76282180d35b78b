import { ProblemError } from '@trefoil/server-kit';
import type { z } from 'zod';

/** Why a service refuses a change: a value is not valid, the object does not exist, or its state does not allow the change. */
export type RefusalReason = 'invalid' | 'not-found' | 'conflict';

const PROBLEMS = {
  invalid: [400, 'Bad Request'],
  'not-found': [404, 'Not Found'],
  conflict: [409, 'Conflict'],
} as const;

/**
 * Thrown by the services that administrators use when they refuse a change. The admin API answers with it as it is
 * (RFC 9457), and a command exits with the code of the reason.
 */
export class Refusal extends ProblemError {
  override readonly name = 'Refusal';

  /** @param field the member that was refused, as the admin API names it; undefined when no single member is wrong. */
  constructor(
    readonly reason: RefusalReason,
    readonly sentence: string,
    readonly field?: string,
    options?: ErrorOptions,
  ) {
    const [status, title] = PROBLEMS[reason];
    const errors = field === undefined ? undefined : [{ field, message: sentence }];
    const detail = reason === 'invalid' && errors ? 'The request has values that cannot be accepted.' : sentence;
    super(status, title, { detail, errors, cause: options?.cause });
  }
}

/** Returns the refusal of a value. The message completes a sentence that begins with the field: `must be …`. */
export const refusedValue = (field: string, message: string, options?: ErrorOptions): Refusal =>
  new Refusal('invalid', message, field, options);

/** Returns the refusal to change or read an object that does not exist. */
export const noSuchObject = (sentence: string): Refusal => new Refusal('not-found', sentence);

/**
 * Returns the refusal of a change that the state of the installation does not allow.
 *
 * @param sentence a whole sentence, also when it is about one field.
 */
export const refusedState = (sentence: string, field?: string): Refusal => new Refusal('conflict', sentence, field);

/**
 * Returns the input of a service as its schema describes it.
 *
 * @throws Refusal that names the first member that the schema refuses.
 */
export function parseOrRefuse<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const { data, error } = schema.safeParse(input);
  if (!error) return data;
  const [issue] = error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  const message = unknown.length > 0 ? 'is not a field that can be given' : (issue?.message ?? 'is not valid');
  throw refusedValue([...(issue?.path ?? []), ...unknown.slice(0, 1)].join('.'), message, { cause: error });
}
