interface FailureOptions {
  cause?: unknown;
}

/** Reports that the provider refused a token request. The same request would be refused again (RFC 6749 §5.2). */
export class TokenRequestRefused extends Error {
  override readonly name = 'TokenRequestRefused';

  constructor(
    /** The error code, such as `invalid_client` or `invalid_grant`. */
    readonly code: string,
    readonly description: string | undefined,
    options: FailureOptions = {},
  ) {
    super(description ? `${code}: ${description}` : code, options);
  }
}

/** Reports that a server does not answer, or is unavailable at the moment. A later request may succeed. */
export class ServiceUnavailable extends Error {
  override readonly name = 'ServiceUnavailable';
  /** The status of the response; undefined when the server did not answer. */
  readonly status?: number;
  /** The time after which the server accepts another request, from its `Retry-After` header. */
  readonly retryAfterSeconds?: number;

  constructor(message: string, options: FailureOptions & { status?: number; retryAfterSeconds?: number } = {}) {
    super(message, { cause: options.cause });
    this.status = options.status;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Reports a response that the interface of the server does not define. */
export class UnexpectedResponse extends Error {
  override readonly name = 'UnexpectedResponse';
}

/** Reports that a resource server refused a request with 4xx. Holds the problem document of the response (RFC 9457). */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';

  constructor(
    readonly status: number,
    readonly headers: Headers,
    /** The parsed body, which may have any shape; undefined when it was not JSON. */
    readonly problem: unknown,
  ) {
    super(`the request was refused with ${status}`);
  }

  /** Whether the token was refused, so that another token may be accepted (RFC 6750 §3.1). */
  get isInvalidToken(): boolean {
    return this.status === 401 && /\berror="?invalid_token\b/.test(this.headers.get('www-authenticate') ?? '');
  }
}
