import { DependencyUnavailableError, ProblemError } from '@trefoil/server-kit';

/** 401: an API refuses a token although it was just issued. */
export class ApiTokenRefusedError extends ProblemError {
  override readonly name = 'ApiTokenRefusedError';

  constructor(api: string) {
    super(401, 'Unauthorized', {
      detail: `The ${api} does not accept your sign-in. If signing in again does not help, try again later.`,
    });
  }
}

/** 404: the proxy has no such API, or its scripts may not call this path. */
export const noSuchApiPath = (): ProblemError =>
  new ProblemError(404, 'Not Found', {
    detail: 'Scripts cannot call this path. The table of APIs lists those that they can.',
  });

/** 502: an API answered something that the proxy does not pass on, such as a redirect. */
export const unexpectedAnswer = (api: string, status: number): ProblemError =>
  new ProblemError(502, 'Bad Gateway', {
    detail: `The ${api} answered something unexpected.`,
    cause: new Error(`${api} answered ${status}`),
  });

/** 503: an API does not answer in time. */
export const apiUnavailable = (api: string, cause: unknown): DependencyUnavailableError =>
  new DependencyUnavailableError(api, { cause });
