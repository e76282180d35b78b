import { ProblemError } from '@trefoil/server-kit';

/**
 * There is no session, or it has ended.
 *
 * The reason `refused` means that the backend refuses even a new token. An automatic sign-in could then loop for ever,
 * so the page asks the user to sign in again instead.
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
