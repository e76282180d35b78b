import { parseArgs } from 'node:util';

/** The options of `npm run bench`. */
export interface BenchOptions {
  /** The names of the cases to run; all when it is empty. */
  readonly cases: readonly string[];
  readonly isQuick: boolean;
  /** The case of which to write a CPU profile. */
  readonly profile: string | undefined;
}

/** Parses the arguments of `npm run bench`. @throws Error for an unknown option or case. */
export function readCommandLine(args: readonly string[], known: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      case: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  const named = [...values.case, ...(values.profile === undefined ? [] : [values.profile])];
  const unknown = named.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`There is no case ${unknown}. The cases are ${known.join(', ')}.`);
  return { cases: values.case, isQuick: values.quick, profile: values.profile };
}
