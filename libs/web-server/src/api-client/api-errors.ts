import { type FieldError, Problem } from '@trefoil/dto';
import { DependencyUnavailableError, ProblemError } from '@trefoil/server-kit';
import { RequestRefused, ServiceUnavailable, UnexpectedResponse } from '@trefoil/service-client';

const RETRY_AFTER_SECONDS = 5;

const retryAfter = (seconds: number = RETRY_AFTER_SECONDS) => ({ 'Retry-After': String(Math.max(1, seconds)) });

/** 503: an API, or a server that it needs, is down. */
export class ApiUnavailableError extends ProblemError {
  override readonly name = 'ApiUnavailableError';

  constructor(reason: string, cause: ServiceUnavailable) {
    super(503, 'Service Unavailable', {
      detail: `${reason} Try again in a few seconds.`,
      headers: retryAfter(cause.retryAfterSeconds),
      cause,
    });
  }
}

/** 429: the user has sent an API too many requests (RFC 6585 §4). */
export class ApiBusyError extends ProblemError {
  override readonly name = 'ApiBusyError';

  constructor(api: string, cause: ServiceUnavailable) {
    super(429, 'Too Many Requests', {
      detail: `The ${api} received too many requests from you. Try again later.`,
      headers: retryAfter(cause.retryAfterSeconds),
      cause,
    });
  }
}

/**
 * 401: an API refuses a token although it was just issued. The session goes on, because its provider has not ended it.
 * An automatic sign-in could loop for ever, so the page asks the user to sign in again instead.
 */
export class TokenRefusedError extends ProblemError {
  override readonly name = 'TokenRefusedError';

  constructor(api: string, cause?: RequestRefused) {
    super(401, 'Unauthorized', {
      detail: `The ${api} does not accept your sign-in. If signing in again does not help, try again later.`,
      cause,
    });
  }
}

/** 404: the user owns no such resource. */
export class NotFoundError extends ProblemError {
  override readonly name = 'NotFoundError';

  constructor() {
    super(404, 'Not Found', { detail: 'There is nothing of yours at this address. It may have been deleted.' });
  }
}

/** 403: the access token lacks a scope, because the user did not allow this at the sign-in (RFC 6750 §3.1). */
export class NotAllowedError extends ProblemError {
  override readonly name = 'NotAllowedError';

  constructor() {
    super(403, 'Forbidden', { detail: 'When you signed in you did not allow this application to do that for you.' });
  }
}

/** 412: the resource was changed after it was read (RFC 9110 §13.1.1). */
export class EditConflictError extends ProblemError {
  override readonly name = 'EditConflictError';

  constructor() {
    super(412, 'Precondition Failed', { detail: 'It was changed in the meantime.' });
  }
}

/** 400: the input is not valid. `errors` names the fields. */
export class InvalidInputError extends ProblemError {
  override readonly name = 'InvalidInputError';

  constructor(errors: readonly FieldError[]) {
    super(400, 'Bad Request', { detail: 'Some of the values cannot be accepted.', errors });
  }
}

/** 422: the idempotency key was used before with other content. */
export class IdempotencyKeyReusedError extends ProblemError {
  override readonly name = 'IdempotencyKeyReusedError';

  constructor() {
    super(422, 'Unprocessable Content', { detail: 'This form was sent before, with other content.' });
  }
}

/** 409: a request with the same idempotency key is still running. */
export class RequestInProgressError extends ProblemError {
  override readonly name = 'RequestInProgressError';

  constructor() {
    super(409, 'Conflict', {
      detail: 'This form was sent a moment ago and is still being processed.',
      headers: retryAfter(),
    });
  }
}

/** 502: the answer of an API does not follow its description. */
export class UnexpectedAnswerError extends ProblemError {
  override readonly name = 'UnexpectedAnswerError';

  constructor(api: string, cause: unknown) {
    super(502, 'Bad Gateway', { detail: `The ${api} answered something unexpected.`, cause });
  }
}

const TEMPORARY = [
  ApiBusyError,
  ApiUnavailableError,
  DependencyUnavailableError,
  RequestInProgressError,
  UnexpectedAnswerError,
];

/** Returns whether the same request may succeed later. It may also have been carried out already. */
export const isTemporary = (error: unknown): error is ProblemError => TEMPORARY.some((kind) => error instanceof kind);

/** Translates a failed request to an API into one of these errors. Returns any other failure unchanged. @param api its name in texts for users */
export function toApiError(failure: unknown, api: string): unknown {
  if (failure instanceof RequestRefused) return refusalError(failure, api);
  if (failure instanceof UnexpectedResponse) return new UnexpectedAnswerError(api, failure);
  if (!(failure instanceof ServiceUnavailable)) return failure;
  if (failure.status === 429) return new ApiBusyError(api, failure);
  return failure.status === undefined
    ? new ApiUnavailableError(`The ${api} cannot be reached at the moment.`, failure)
    : new ApiUnavailableError(`The ${api} is there, but lacks something it needs at the moment.`, failure);
}

function refusalError(refusal: RequestRefused, api: string): Error {
  switch (refusal.status) {
    case 400:
      return new InvalidInputError(Problem.safeParse(refusal.problem).data?.errors ?? []);
    case 401:
      return new TokenRefusedError(api, refusal);
    case 403:
      return new NotAllowedError();
    case 404:
      return new NotFoundError();
    case 409:
      return new RequestInProgressError();
    case 412:
      return new EditConflictError();
    case 422:
      return new IdempotencyKeyReusedError();
    default:
      return new UnexpectedAnswerError(api, refusal);
  }
}
