/** An access token as its client holds it: opaque, with an end. */
export interface AccessToken {
  /** What goes into the `Authorization` header. Never to be logged. */
  readonly value: string;
  readonly expiresAt: Date;
  /** What the provider granted, which may be less than was asked for (RFC 6749 §5.1). */
  readonly scopes: ReadonlySet<string>;
}

/** Where the token of a request comes from. */
export interface TokenSource {
  get(): Promise<Pick<AccessToken, 'value'>>;
  /** Told when the resource server did not accept the token: the next `get` must give another. */
  forget(token: Pick<AccessToken, 'value'>): void | Promise<void>;
}
