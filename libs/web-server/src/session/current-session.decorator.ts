import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Session } from './session.js';
import { SessionEndedError } from './session-ended.error.js';

const sessionOf = (context: ExecutionContext): Session | undefined =>
  context.switchToHttp().getRequest<FastifyRequest>().session;

/** Injects the session of the request. Needs the `SessionGuard`. */
export const CurrentSession = createParamDecorator((_data: unknown, context: ExecutionContext): Session => {
  const session = sessionOf(context);
  if (!session) throw new SessionEndedError();
  return session;
});

/** Injects the session of the request, or undefined. Needs the `OptionalSessionGuard`. */
export const OptionalSession = createParamDecorator((_data: unknown, context: ExecutionContext) => sessionOf(context));
