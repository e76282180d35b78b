/** What another server may add to a failure. */
interface FailureOptions {
  cause?: unknown;
}

/** The provider refused to issue a token, and trying again changes nothing (RFC 6749 §5.2). */
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

/** The other server does not answer, or says that it cannot at the moment: trying again later may help. */
export class ServiceUnavailable extends Error {
  override readonly name = 'ServiceUnavailable';
  /** The status it answered with; undefined when it did not answer. */
  readonly status?: number;
  /** How long it asked to be left alone. */
  readonly retryAfterSeconds?: number;

  constructor(message: string, options: FailureOptions & { status?: number; retryAfterSeconds?: number } = {}) {
    super(message, { cause: options.cause });
    this.status = options.status;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The other server answered something that its interface does not know. */
export class UnexpectedResponse extends Error {
  override readonly name = 'UnexpectedResponse';
}

/** The resource server refused the request: 4xx, with its problem document when it sent one (RFC 9457). */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';

  constructor(
    readonly status: number,
    readonly headers: Headers,
    /** The body as it was parsed, or undefined when it was no JSON; of whatever shape. */
    readonly problem: unknown,
  ) {
    super(`the request was refused with ${status}`);
  }

  /** Whether the token was the reason, and another one may be accepted (RFC 6750 §3.1). */
  get isInvalidToken(): boolean {
    return this.status === 401 && /\berror="?invalid_token\b/.test(this.headers.get('www-authenticate') ?? '');
  }
}
