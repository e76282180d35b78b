import type { FieldError } from '@trefoil/dto';

/** The optional members of a {@link ProblemError}. */
export interface ProblemErrorOptions {
  /** A sentence that explains the error to the developer of the client. */
  detail?: string;
  /** The fields that are wrong. */
  errors?: readonly FieldError[];
  /** Extra response headers, such as `WWW-Authenticate`. */
  headers?: Readonly<Record<string, string>>;
  /** The reason, which is logged and never sent. */
  cause?: unknown;
}

/** An error that an API answers with a problem document (RFC 9457). The client sees title, detail and errors. */
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
