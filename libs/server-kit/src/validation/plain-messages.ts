import { config, type core } from 'zod';

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a date',
};

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  url: 'a URL',
  uuid: 'a UUID',
  datetime: 'a date and time such as 2026-01-31T12:00:00Z',
  date: 'a date such as 2026-01-31',
};

/** The parts that are counted, one and several; values of other origins are compared as numbers. */
const PARTS: Readonly<Record<string, readonly [one: string, several: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

/**
 * Returns the message of a validation error, which completes a sentence that begins with the field: `must be a number`.
 * Undefined leaves the message to zod. A message that a schema states itself takes precedence.
 */
export function plainMessage(issue: core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    return issue.input === undefined ? 'is missing' : `must be ${TYPES[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === 'too_small') return bound('at least', issue.minimum, issue);
  if (issue.code === 'too_big') return bound('at most', issue.maximum, issue);
  if (issue.code === 'invalid_value') {
    if (issue.input === undefined) return 'is missing';
    return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
  }
  if (issue.code === 'invalid_format') {
    return issue.format in FORMATS ? `must be ${FORMATS[issue.format]}` : 'does not have the required form';
  }
  return undefined;
}

function bound(
  word: 'at least' | 'at most',
  limit: number | bigint,
  { origin, inclusive = true, exact = false }: { origin?: unknown; inclusive?: boolean; exact?: boolean },
): string {
  const parts = PARTS[String(origin)];
  const exclusive = word === 'at least' ? 'more than' : 'less than';
  const count = `${exact ? 'exactly' : inclusive ? word : exclusive} ${limit}`;
  return parts === undefined ? `must be ${count}` : `must have ${count} ${parts[Number(limit) === 1 ? 0 : 1]}`;
}

config({ customError: plainMessage });
