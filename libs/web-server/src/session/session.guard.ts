import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SessionCookie } from './session-cookie.js';
import { SessionEndedError } from './session-ended.error.js';
import { Sessions, UNREADABLE } from './sessions.js';

/** Attaches the session to the request if there is one. Never refuses a request. Clears the cookie of an unreadable one. */
@Injectable()
export class OptionalSessionGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const id = this.cookie.read(request);
    const session = id === undefined ? undefined : await this.sessions.use(id);
    if (session === UNREADABLE) this.cookie.clear(context.switchToHttp().getResponse<FastifyReply>());
    else request.session = session;
    return true;
  }
}

/** Attaches the session to the request, and refuses requests without one with {@link SessionEndedError}. */
@Injectable()
export class SessionGuard extends OptionalSessionGuard {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    if (context.switchToHttp().getRequest<FastifyRequest>().session) return true;
    throw new SessionEndedError();
  }
}
