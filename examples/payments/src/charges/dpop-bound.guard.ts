import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { accessTokenOf, challengeTo } from '@trefoil/guards';
import { ProblemError } from '@trefoil/server-kit';
import type { FastifyRequest } from 'fastify';

/**
 * Refuses tokens that are not bound to a key (RFC 9449): whoever copied one could move money with it. Runs after the guard
 * that verifies the token and its proof.
 */
@Injectable()
export class DpopBoundGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const token = accessTokenOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (token?.claims.cnf?.jkt !== undefined) return true;
    const challenge = challengeTo(
      { cnf: { jkt: '' } },
      { realm: 'payments', error: 'invalid_token', error_description: 'the token must be bound to a key (DPoP)' },
    );
    throw new ProblemError(401, 'Unauthorized', {
      detail: 'The token must be bound to a key. Request one with a DPoP proof.',
      headers: { 'WWW-Authenticate': challenge },
    });
  }
}
