import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { accessTokenOf, challengeTo } from '@trefoil/guards';
import { ProblemError } from '@trefoil/server-kit';

/** The scope for reading one's streams and their events. */
export const READ_SCOPE = 'ssf.read';
/** The scope for everything that may be done with one's streams (CAEP Interoperability Profile 1.0, OAuth Scopes). */
export const MANAGE_SCOPE = 'ssf.manage';

/** Lets in who may read streams, or may manage them; stands behind the bearer guard. */
@Injectable()
export class StreamScopeGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const token = accessTokenOf(context.switchToHttp().getRequest<object>());
    if (!token) throw new Error(`${context.getClass().name}.${context.getHandler().name} has no token: is it guarded?`);
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
