import { StandardSchemaValidationPipe } from '@nestjs/common';
import { ProblemError } from '../errors/problem-error.js';

/** Validates what a handler takes against the schema it names, and names every wrong field in a 400 (RFC 9457). */
export const validationPipe = (): StandardSchemaValidationPipe =>
  new StandardSchemaValidationPipe({
    exceptionFactory: (issues) =>
      new ProblemError(400, 'Bad Request', {
        detail: 'The request has values that cannot be accepted.',
        errors: issues.map(({ path, message }) => ({
          field: (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.') || 'body',
          message,
        })),
      }),
  });
