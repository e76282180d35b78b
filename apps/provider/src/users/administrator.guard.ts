import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { accessTokenOf } from '@trefoil/guards';
import { ProblemError } from '@trefoil/server-kit';
import { Users } from './users.js';

/**
 * Lets in the token of an administrator, as things are now: the scope alone opens nothing. Stands behind the guard that
 * has read the token.
 */
@Injectable()
export class AdministratorGuard implements CanActivate {
  constructor(private readonly users: Users) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const token = accessTokenOf(context.switchToHttp().getRequest<object>());
    const user = token && (await this.users.find(token.claims.sub));
    if (user?.administrator) return true;
    throw new ProblemError(403, 'Forbidden', { detail: 'Only administrators may see this.' });
  }
}
