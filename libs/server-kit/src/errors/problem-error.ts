import type { FieldError } from '@trefoil/dto';

/** What a {@link ProblemError} may carry beside its title. */
export interface ProblemErrorOptions {
  /** A sentence for the developer who reads it. */
  detail?: string;
  /** The fields that are wrong. */
  errors?: readonly FieldError[];
  /** Extra response headers, such as `WWW-Authenticate`. */
  headers?: Readonly<Record<string, string>>;
  /** What only the log may say. */
  cause?: unknown;
}

/** An error answer of an API: a status and a problem document (RFC 9457). Title, detail and errors are public. */
export class ProblemError extends Error {
  override readonly name: string = 'ProblemError';
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly status: number,
    readonly title: string,
    options: ProblemErrorOptions = {},
  ) {
    super(options.detail ? `${title}: ${options.detail}` : title, { cause: options.cause });
    this.detail = options.detail;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }
}
