import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { bearerChallenge, invalidRequest, Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import type { FastifyRequest } from 'fastify';

const FORM = /^application\/x-www-form-urlencoded\b/i;

/**
 * Moves the access token in the form of a POST (RFC 6750 §2.2) to the `Authorization` header, for the bearer guard that
 * follows. Never reads the query (RFC 9700 §4.3.2).
 *
 * @throws OAuthError `invalid_request` when the header contains credentials as well (RFC 6750 §2, §3.1).
 */
@Injectable()
export class FormAccessTokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const token = FORM.test(request.headers['content-type'] ?? '') ? tokenIn(request.body) : undefined;
    if (token === undefined) return true;
    if (request.headers.authorization !== undefined) {
      const error_description = 'the token must be sent in one way only: in the header or in the form';
      const challenge = bearerChallenge({ error: 'invalid_request', error_description });
      throw invalidRequest(error_description, { headers: { 'WWW-Authenticate': challenge } });
    }
    request.headers.authorization = `Bearer ${token}`;
    return true;
  }
}

const tokenIn = (body: unknown): string | undefined => Parameters.from(body as RawParameters).get('access_token');
