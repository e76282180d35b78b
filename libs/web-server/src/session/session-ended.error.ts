import { ProblemError } from '@trefoil/server-kit';

/** 401: there is no session, or it has ended. */
export class SessionEndedError extends ProblemError {
  override readonly name = 'SessionEndedError';

  constructor(options: { cause?: unknown } = {}) {
    super(401, 'Unauthorized', { detail: 'You are not signed in, or no longer.', ...options });
  }
}
