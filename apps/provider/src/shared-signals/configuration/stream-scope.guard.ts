import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { accessTokenOf, challengeTo } from '@trefoil/guards';
import { ProblemError } from '@trefoil/server-kit';

/** The scope that allows a receiver to read its streams and their events. */
export const READ_SCOPE = 'ssf.read';
/**
 * The scope that allows a receiver to read and change its streams (CAEP Interoperability Profile 1.0, OAuth Scopes).
 */
export const MANAGE_SCOPE = 'ssf.manage';

/** Requires the scope to read streams or the scope to manage them. Runs after the bearer guard. */
@Injectable()
export class StreamScopeGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const token = accessTokenOf(context.switchToHttp().getRequest<object>());
    if (!token) {
      const route = `${context.getClass().name}.${context.getHandler().name}`;
      throw new Error(`${route} has no access token. Put the BearerGuard before the StreamScopeGuard.`);
    }
    if (token.scopes.has(READ_SCOPE) || token.scopes.has(MANAGE_SCOPE)) return true;
    const error_description = 'the token does not have the scope that this needs';
    throw new ProblemError(403, 'Forbidden', {
      detail: 'The token does not have the scope that this needs.',
      headers: {
        'WWW-Authenticate': challengeTo(token.claims, {
          realm: 'account',
          error: 'insufficient_scope',
          error_description,
          scope: READ_SCOPE,
        }),
      },
    });
  }
}
