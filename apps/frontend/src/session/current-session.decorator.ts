import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SessionEndedError } from './session-ended.error.js';
import type { Session } from './session.js';

const sessionOf = (context: ExecutionContext): Session | undefined =>
  context.switchToHttp().getRequest<FastifyRequest>().session;

/** The session of the request, in a handler behind the session guard. */
export const CurrentSession = createParamDecorator((_data: unknown, context: ExecutionContext): Session => {
  const session = sessionOf(context);
  if (!session) throw new SessionEndedError();
  return session;
});

/** The session of the request if there is one, in a handler behind the optional session guard. */
export const FoundSession = createParamDecorator((_data: unknown, context: ExecutionContext) => sessionOf(context));
