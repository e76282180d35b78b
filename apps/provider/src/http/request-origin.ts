import type { FastifyRequest } from 'fastify';
import type { SecurityEventContent } from '../security-events/security-events.js';

/** Where an act came from, as security events record it. */
export type RequestOrigin = Pick<SecurityEventContent, 'actor' | 'address' | 'agent' | 'requestId'>;

/** As much of a `User-Agent` as is worth keeping. */
const LONGEST_AGENT = 300;

/** The origin of a request. */
export const originOf = (request: FastifyRequest): RequestOrigin => ({
  address: request.ip,
  // PostgreSQL takes no U+0000; an HTTP header cannot carry one.
  agent: request.headers['user-agent']?.slice(0, LONGEST_AGENT) ?? null,
  requestId: request.id,
});
