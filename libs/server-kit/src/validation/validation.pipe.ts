import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { FieldError } from '@trefoil/dto';
import { ProblemError } from '../errors/problem-error.js';
import './plain-messages.js';

/** A validation error, as Standard Schema describes it. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
}

/** Creates the pipe that validates the parameters of handlers by their schemas. Its 400 names every wrong field (RFC 9457). */
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
  // zod reports all unknown members of an object in one issue, whose path is that of the object.
  const unknown: unknown = 'keys' in issue ? issue.keys : undefined;
  return Array.isArray(unknown)
    ? unknown.map((key) => ({ field: [...path, String(key)].join('.'), message: 'is not a field that can be given' }))
    : [{ field: path.join('.') || 'body', message: issue.message }];
}
