import { ProblemError } from '@trefoil/server-kit';

/**
 * There is no session, or it has just ended.
 *
 * `refused` says that the backend does not accept even a fresh token: signing in again by itself would go round in
 * circles, so the person is asked.
 */
export class SessionEndedError extends ProblemError {
  override readonly name = 'SessionEndedError';

  constructor(
    readonly reason: 'gone' | 'refused' = 'gone',
    cause?: unknown,
  ) {
    super(401, 'Unauthorized', { detail: 'You are not signed in, or no longer.', cause });
  }
}
