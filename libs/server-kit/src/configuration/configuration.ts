import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { plainHttpProblems } from './plain-http-rule.js';

/** Says which environment variables are missing or malformed: all of them, in `problems`. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly string[]) {
    super(
      [
        'The configuration is wrong. Correct these environment variables:',
        ...problems.map((problem) => `  ${problem}`),
      ].join('\n'),
    );
  }
}

/**
 * Reads the configuration of a server from environment variables, and freezes it.
 *
 * The value of a variable may also be in a file that `<NAME>_FILE` names, as secret stores mount it.
 *
 * @throws ConfigurationError naming every missing or malformed variable, and every URL that uses plain HTTP and must not: see
 * {@link plainHttpProblems}.
 */
export function loadConfiguration<S extends z.ZodObject>(
  schema: S,
  environment: NodeJS.ProcessEnv = process.env,
): Readonly<z.output<S>> {
  const problems: string[] = [];
  const given: Record<string, string> = {};
  // The rule about plain HTTP also holds for a schema without its two variables.
  for (const name of new Set([...Object.keys(schema.shape), 'NODE_ENV', 'PLAIN_HTTP_ORIGINS'])) {
    const value = readVariable(name, environment, problems);
    if (value !== undefined && value !== '') given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const name = issue.path.join('.') || 'the combination';
      if (problems.some((problem) => problem.startsWith(`${name}_FILE`))) continue;
      const isExplained = name in given || issue.code === 'custom';
      problems.push(`${name} ${isExplained ? issue.message : missing(schema, name)}`);
    }
  }
  problems.push(...plainHttpProblems(schema, given));
  if (!parsed.success || problems.length > 0) throw new ConfigurationError(problems);
  return Object.freeze(parsed.data);
}

function missing({ shape }: z.ZodObject, name: string): string {
  const description = (shape as Record<string, z.ZodType | undefined>)[name]?.description;
  return description ? `is missing. Set it: ${description}` : 'is missing. Set it.';
}

function readVariable(name: string, environment: NodeJS.ProcessEnv, problems: string[]): string | undefined {
  const file = environment[`${name}_FILE`];
  if (!file) return environment[name];
  if (environment[name]) {
    problems.push(`${name}_FILE and ${name} must not both be set`);
    return undefined;
  }
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch {
    problems.push(`${name}_FILE names a file that cannot be read: ${file}`);
    return undefined;
  }
}
