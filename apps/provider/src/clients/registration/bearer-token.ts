import { bearerChallenge, invalidRequest, OAuthError } from '@trefoil/oauth-protocol';
import type { RequestWithHeaders } from '../../http/http-message.js';

const REALM = 'registration';
const CREDENTIALS = /^bearer +([\w\-.~+/]+=*)$/i;

/**
 * Returns the token in the `Authorization` header of a request (RFC 6750 §2.1).
 *
 * @throws OAuthError 401 when there is none, 400 when the header is malformed (RFC 6750 §3.1).
 */
export function readBearerToken({ headers: { authorization } }: RequestWithHeaders): string {
  if (authorization === undefined || !/^bearer(\s|$)/i.test(authorization)) {
    throw refusal('registration needs a token in the Authorization header', bearerChallenge({ realm: REALM }));
  }
  const token = CREDENTIALS.exec(authorization)?.[1];
  if (token !== undefined) return token;
  const error_description = 'the Authorization header is malformed';
  const challenge = bearerChallenge({ realm: REALM, error: 'invalid_request', error_description });
  throw invalidRequest(error_description, { headers: { 'WWW-Authenticate': challenge } });
}

/** Returns the error for a token that is not accepted. It does not say why (RFC 6750 §3.1, RFC 7592 §2). */
export function invalidToken(error_description: string): OAuthError {
  return refusal(error_description, bearerChallenge({ realm: REALM, error: 'invalid_token', error_description }));
}

const refusal = (description: string, challenge: string): OAuthError =>
  new OAuthError('invalid_token', description, { status: 401, headers: { 'WWW-Authenticate': challenge } });
