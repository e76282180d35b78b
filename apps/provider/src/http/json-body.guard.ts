import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ProblemError } from '@trefoil/server-kit';
import type { FastifyRequest } from 'fastify';

/** Refuses a body that is not JSON. The server also parses forms, but only its protocol endpoints accept them. */
@Injectable()
export class JsonBodyGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const type = context.switchToHttp().getRequest<FastifyRequest>().headers['content-type'];
    if (type === undefined || /^application\/json\s*(;|$)/i.test(type)) return true;
    throw new ProblemError(415, 'Unsupported Media Type', { detail: 'Send the change as application/json.' });
  }
}
