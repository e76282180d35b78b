import { transportProblem } from '@trefoil/oauth-protocol';
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { serverVariables, transportPolicy } from './server-variables.js';
import { isServerUrl } from './variables.js';

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
 * @throws ConfigurationError naming every missing or malformed variable, and every URL of a server that uses plain HTTP where
 * {@link transportPolicy} does not allow it.
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
      const isExplained = name in given || issue.code === 'custom';
      problems.push(`${name} ${isExplained ? issue.message : missing(schema, name)}`);
    }
  }
  problems.push(...plainHttpProblems(schema, given));
  if (!parsed.success || problems.length > 0) throw new ConfigurationError(problems);
  return Object.freeze(parsed.data);
}

function plainHttpProblems(schema: z.ZodObject, given: Record<string, string>): string[] {
  const { NODE_ENV, PLAIN_HTTP_ORIGINS } = serverVariables;
  const shape = schema.shape as Record<string, z.ZodType>;
  if (!('PLAIN_HTTP_ORIGINS' in shape)) return [];
  const mode = NODE_ENV.safeParse(given.NODE_ENV);
  const origins = PLAIN_HTTP_ORIGINS.safeParse(given.PLAIN_HTTP_ORIGINS);
  // Values that cannot be read are reported elsewhere.
  if (!mode.success || !origins.success) return [];
  const policy = transportPolicy({ NODE_ENV: mode.data, PLAIN_HTTP_ORIGINS: origins.data });
  return Object.entries(shape).flatMap(([name, variable]) => {
    const url = given[name];
    if (url === undefined || !isServerUrl(variable) || !/^https?:/.test(url) || !URL.canParse(url)) return [];
    const problem = transportProblem(url, policy);
    if (problem === undefined) return [];
    return `${name} ${problem}. If only a trusted network carries its requests, name its origin in PLAIN_HTTP_ORIGINS`;
  });
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
