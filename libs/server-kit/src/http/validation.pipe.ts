import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { FieldError } from '@trefoil/dto';
import { ProblemError } from '../errors/problem-error.js';

/** What a schema finds wrong (Standard Schema). */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
}

/** Validates what a handler takes against the schema it names, and names every wrong field in a 400 (RFC 9457). */
export const validationPipe = (): StandardSchemaValidationPipe =>
  new StandardSchemaValidationPipe({
    exceptionFactory: (issues) =>
      new ProblemError(400, 'Bad Request', {
        detail: 'The request has values that cannot be accepted.',
        errors: issues.flatMap(fieldErrorsOf),
      }),
  });

function fieldErrorsOf(issue: Issue): FieldError[] {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
  // zod tells of all the members it does not know in one issue, at the object that has them.
  const unknown: unknown = 'keys' in issue ? issue.keys : undefined;
  return Array.isArray(unknown)
    ? unknown.map((key) => ({ field: [...path, String(key)].join('.'), message: 'is not a field that can be given' }))
    : [{ field: path.join('.') || 'body', message: issue.message }];
}
