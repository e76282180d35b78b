import type { RequestWithOrigin } from './http-message.js';

/** Describes where a request or command came from, as security events record it. */
export interface RequestOrigin {
  /** The person or program that acts, when it is not the user or client that the event is about. */
  readonly actor?: string | null;
  /** The network address. */
  readonly address?: string | null;
  /** The beginning of the `User-Agent`. */
  readonly agent?: string | null;
  readonly requestId?: string | null;
}

/** Number of characters of a `User-Agent` that are kept. */
const LONGEST_AGENT = 300;

/** Returns the origin of a request. */
export const originOf = (request: RequestWithOrigin): RequestOrigin => ({
  address: request.ip,
  // PostgreSQL rejects U+0000, but an HTTP header cannot contain it.
  agent: request.headers['user-agent']?.slice(0, LONGEST_AGENT) ?? null,
  requestId: request.id,
});
