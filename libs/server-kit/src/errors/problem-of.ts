import { HttpException } from '@nestjs/common';
import { STATUS_CODES } from 'node:http';
import { OAuthError } from '@trefoil/oauth-protocol';
import { StateStoreUnavailableError } from '@trefoil/state-store';
import { DependencyUnavailableError } from './dependency-unavailable-error.js';
import { isDatabaseUnavailable } from './database-unavailable.js';
import { ProblemError } from './problem-error.js';

/**
 * Returns the problem that a client may see for an error. Errors that were thrown for the client keep their texts; other errors
 * become a status with a fixed text, and unknown errors become 500 without any internal detail.
 */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isDatabaseUnavailable(error)) return new DependencyUnavailableError('database', { cause: error });
  if (error instanceof StateStoreUnavailableError)
    return new DependencyUnavailableError('state store', { cause: error });
  if (error instanceof OAuthError) {
    const { status, code, description, headers } = error;
    return new ProblemError(status, code, { detail: description, headers, cause: error.cause });
  }
  const status = statusOf(error);
  return new ProblemError(status, STATUS_CODES[status] ?? 'Error', { detail: DETAILS[status], cause: error });
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  // Errors of Fastify have the status of the response, for example for a body that is too large.
  const status: unknown = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

const DETAILS: Record<number, string> = {
  400: 'The request could not be read.',
  404: 'There is nothing at this address.',
  405: 'This address does not take this method.',
  408: 'The request took too long to arrive.',
  413: 'The body is larger than 64 KiB.',
  415: 'The body is of a type that this address does not take.',
  500: 'Something went wrong on our side. The log has the details under the request id.',
};
