import type { FastifyRequest } from 'fastify';
import type { SecurityEventContent } from './security-events.js';

/** Where a request came from, as security events record it. */
export type RequestOrigin = Pick<SecurityEventContent, 'address' | 'requestId'>;

/** The origin of a request. */
export const originOf = (request: FastifyRequest): RequestOrigin => ({ address: request.ip, requestId: request.id });
