import { ProblemError } from './problem-error.js';

const RETRY_AFTER_SECONDS = 5;

/** Says that a dependency of this server is down: 503 with `Retry-After`. The request is neither refused for good nor allowed. */
export class DependencyUnavailableError extends ProblemError {
  override readonly name = 'DependencyUnavailableError';

  constructor(
    readonly dependency: string,
    options: { cause?: unknown } = {},
  ) {
    super(503, 'Service Unavailable', {
      detail: `The ${dependency} cannot be reached at the moment. Try again in a few seconds.`,
      headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
      cause: options.cause,
    });
  }
}
