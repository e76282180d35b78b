import { Refusal } from '../http/refusal.js';
import { CommandError } from './exit-code.js';

/**
 * Reports a refused value with the name of the option that set it, instead of the member of the admin API.
 *
 * @param options the option of each member.
 */
export async function namingOptionsOf<T>(
  options: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Refusal) || cause.field === undefined) throw cause;
    const { reason, field, sentence } = cause;
    const [member = '', ...path] = field.split('.');
    const option = options[member] ?? [member, ...path].join('.');
    throw new CommandError(reason === 'invalid' ? 'usage' : reason, `error: ${option} ${sentence}`, { cause });
  }
}
