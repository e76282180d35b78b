import type { FieldError } from '@trefoil/dto';
import { ProblemError } from '@trefoil/server-kit';

const RETRY_AFTER_SECONDS = '5';

/** The backend, or something it needs, is down. */
export class BackendUnavailableError extends ProblemError {
  override readonly name = 'BackendUnavailableError';

  constructor(what: string, cause: unknown) {
    super(503, 'Service Unavailable', {
      detail: `${what} Try again in a few seconds.`,
      headers: { 'Retry-After': RETRY_AFTER_SECONDS },
      cause,
    });
  }
}

/** The person has no such thing. */
export class NotFoundError extends ProblemError {
  override readonly name = 'NotFoundError';

  constructor() {
    super(404, 'Not Found', { detail: 'There is nothing of yours at this address. It may have been deleted.' });
  }
}

/** The access token lacks a scope: the person did not allow this when they signed in (RFC 6750 §3.1). */
export class NotAllowedError extends ProblemError {
  override readonly name = 'NotAllowedError';

  constructor() {
    super(403, 'Forbidden', { detail: 'When you signed in you did not allow this application to do that for you.' });
  }
}

/** Somebody changed it after it was read (RFC 9110 §13.1.1). */
export class ChangedMeanwhileError extends ProblemError {
  override readonly name = 'ChangedMeanwhileError';

  constructor() {
    super(412, 'Precondition Failed', { detail: 'It was changed in the meantime.' });
  }
}

/** What was sent cannot be accepted; `errors` names the fields. */
export class InvalidInputError extends ProblemError {
  override readonly name = 'InvalidInputError';

  constructor(errors: readonly FieldError[]) {
    super(400, 'Bad Request', { detail: 'Some of what was sent cannot be accepted.', errors });
  }
}

/** The same form was sent before, with other content. */
export class SentBeforeError extends ProblemError {
  override readonly name = 'SentBeforeError';

  constructor() {
    super(422, 'Unprocessable Content', { detail: 'This form was sent before, with other content.' });
  }
}

/** The same form was sent a moment ago and is still being worked on. */
export class StillRunningError extends ProblemError {
  override readonly name = 'StillRunningError';

  constructor() {
    super(409, 'Conflict', { detail: 'This form was sent a moment ago and is still being worked on.' });
  }
}

/** The backend answered what this server does not understand. */
export class UnexpectedAnswerError extends ProblemError {
  override readonly name = 'UnexpectedAnswerError';

  constructor(cause: unknown) {
    super(502, 'Bad Gateway', { detail: 'The contacts service answered something unexpected.', cause });
  }
}
