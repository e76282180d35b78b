import { transportProblem } from '@trefoil/oauth-protocol';
import type { z } from 'zod';
import { serverVariables, transportPolicy } from './server-variables.js';
import { isIdentifier } from './variables.js';

const HINT = 'If only a trusted network carries its requests, name its origin in PLAIN_HTTP_ORIGINS';

/**
 * Returns a problem for each URL that uses plain HTTP where {@link transportPolicy} refuses it. It reads every variable, also the
 * texts in the lists and objects that a schema returns, so that a new variable needs no code to obey the rule. Only variables that
 * are described as an identifier are left out, because the server sends nothing to them.
 *
 * @param given the values of the variables, by name.
 */
export function plainHttpProblems({ shape }: z.ZodObject, given: Readonly<Record<string, string>>): string[] {
  const mode = serverVariables.NODE_ENV.safeParse(given.NODE_ENV);
  const origins = serverVariables.PLAIN_HTTP_ORIGINS.safeParse(given.PLAIN_HTTP_ORIGINS);
  // Values that cannot be read are reported elsewhere.
  if (!mode.success || !origins.success) return [];
  const policy = transportPolicy({ NODE_ENV: mode.data, PLAIN_HTTP_ORIGINS: origins.data });
  return Object.entries(shape as Record<string, z.ZodType>).flatMap(([name, variable]) => {
    const text = given[name];
    if (text === undefined || isIdentifier(variable)) return [];
    const parsed = variable.safeParse(text);
    return [...new Set(plainHttpUrlsIn(parsed.success ? parsed.data : text))].flatMap((url) => {
      const problem = transportProblem(url, policy);
      if (problem === undefined) return [];
      return `${url === text ? name : `${name} contains ${url}, which`} ${problem}. ${HINT}`;
    });
  });
}

/** Returns the URLs of plain HTTP among the texts of a value. */
function plainHttpUrlsIn(value: unknown): string[] {
  if (typeof value === 'string') return /^http:/i.test(value) && URL.canParse(value) ? [value] : [];
  if (value instanceof URL) return plainHttpUrlsIn(value.href);
  // The bytes of a key are no texts.
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.values(value).flatMap(plainHttpUrlsIn);
}
