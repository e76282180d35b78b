import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** The environment does not fit the schema: `problems` names every variable at once. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly string[]) {
    super(['The configuration is not usable:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}

/**
 * Reads a server's configuration from environment variables, once, and freezes it.
 *
 * A variable may also come from a file that `<NAME>_FILE` names, as secret stores mount them.
 *
 * @throws ConfigurationError naming every missing or malformed variable.
 */
export function loadConfiguration<S extends z.ZodObject>(
  schema: S,
  environment: NodeJS.ProcessEnv = process.env,
): Readonly<z.output<S>> {
  const problems: string[] = [];
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = readVariable(name, environment, problems);
    if (value !== undefined && value !== '') given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const name = issue.path.join('.') || 'the combination';
      if (problems.some((problem) => problem.startsWith(`${name}_FILE`))) continue;
      problems.push(`${name} ${name in given ? issue.message : 'is missing'}`);
    }
  }
  if (!parsed.success || problems.length > 0) throw new ConfigurationError(problems);
  return Object.freeze(parsed.data);
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
