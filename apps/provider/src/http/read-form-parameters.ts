import { invalidRequest, Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import type { FastifyRequest } from 'fastify';

/**
 * The parameters of a request that must be a form (RFC 6749 §3.2); those of the query are never read.
 *
 * @throws OAuthError `invalid_request`
 */
export function readFormParameters(request: FastifyRequest, body: unknown): Parameters {
  if (!request.headers['content-type']?.toLowerCase().startsWith('application/x-www-form-urlencoded')) {
    throw invalidRequest('the body must be application/x-www-form-urlencoded');
  }
  return Parameters.from(body as RawParameters);
}
