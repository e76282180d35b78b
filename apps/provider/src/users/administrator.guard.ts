import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { accessTokenOf } from '@trefoil/guards';
import { ProblemError } from '@trefoil/server-kit';
import { Users } from './users.js';

/**
 * Admits tokens of users who are administrators at the time of the request; the scope alone is not enough. Also admits tokens
 * of machines, which reach it only on routes that are open to machines: an administrator registered their scopes. Use it
 * after the guard that verifies the token.
 *
 * @throws ProblemError 403
 */
@Injectable()
export class AdministratorGuard implements CanActivate {
  constructor(private readonly users: Users) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const token = accessTokenOf(context.switchToHttp().getRequest<object>());
    if (token?.subject === 'machine') return true;
    const user = token && (await this.users.find(token.claims.sub));
    if (user?.administrator) return true;
    throw new ProblemError(403, 'Forbidden', { detail: 'Only administrators may do this.' });
  }
}
