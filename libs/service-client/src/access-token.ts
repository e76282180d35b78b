import type { DpopKey } from './dpop-key.js';

/** An access token as its client holds it: the opaque value, its expiry and its scopes. */
export interface AccessToken {
  /** The value for the `Authorization` header. Must never be logged. */
  readonly value: string;
  readonly expiresAt: Date;
  /** The scopes that the provider granted, which may be fewer than were requested (RFC 6749 §5.1). */
  readonly scopes: ReadonlySet<string>;
  /** The key to which the token is bound; undefined for a bearer token, also one that is bound to a certificate. */
  readonly dpop?: DpopKey | undefined;
}

/** Provides the access token of a request. */
export interface TokenSource {
  get(): Promise<Pick<AccessToken, 'value' | 'dpop'>>;
  /** Discards a token that the resource server did not accept, so that the next `get` returns another one. */
  forget(token: Pick<AccessToken, 'value'>): void | Promise<void>;
}
