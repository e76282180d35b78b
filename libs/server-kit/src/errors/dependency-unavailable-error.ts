import { ProblemError } from './problem-error.js';

const RETRY_AFTER_SECONDS = 5;

/** Something this server needs is down: 503 with `Retry-After`, never a refusal and never open access. */
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
