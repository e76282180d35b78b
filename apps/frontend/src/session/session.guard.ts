import { type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { OptionalSessionGuard } from './optional-session.guard.js';
import { SessionEndedError } from './session-ended.error.js';

/** Lets only requests of signed-in people through, and gives handlers their session. */
@Injectable()
export class SessionGuard extends OptionalSessionGuard {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    if (context.switchToHttp().getRequest<FastifyRequest>().session) return true;
    throw new SessionEndedError();
  }
}
