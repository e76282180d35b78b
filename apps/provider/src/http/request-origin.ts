import type { FastifyRequest } from 'fastify';

/** Describes where a request or command came from, as security events record it. */
export interface RequestOrigin {
  /** The person or program that acts, when it is not the one that the event is about. */
  readonly actor?: string | null;
  /** The network address. */
  readonly address?: string | null;
  /** The beginning of the `User-Agent`. */
  readonly agent?: string | null;
  readonly requestId?: string | null;
}

/** Characters of a `User-Agent` that are kept. */
const LONGEST_AGENT = 300;

/** Returns the origin of a request. */
export const originOf = (request: FastifyRequest): RequestOrigin => ({
  address: request.ip,
  // PostgreSQL takes no U+0000; an HTTP header cannot carry one.
  agent: request.headers['user-agent']?.slice(0, LONGEST_AGENT) ?? null,
  requestId: request.id,
});
