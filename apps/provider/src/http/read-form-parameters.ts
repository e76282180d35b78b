import { invalidRequest, Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import type { RequestWithHeaders } from './http-message.js';

/**
 * Reads the parameters of a request whose body must be a form (RFC 6749 §3.2). Ignores parameters in the query.
 *
 * @throws OAuthError `invalid_request` when the body is of another media type.
 */
export function readFormParameters({ headers }: RequestWithHeaders, body: unknown): Parameters {
  if (!headers['content-type']?.toLowerCase().startsWith('application/x-www-form-urlencoded')) {
    throw invalidRequest('the body must be application/x-www-form-urlencoded');
  }
  return Parameters.from(body as RawParameters);
}
