import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { watchOf } from '../access-token/verified-access-token.js';

/**
 * Gives a handler a signal that is aborted when the token of its request is revoked: what it streams has to end then. The
 * reason is the answer to whoever comes with such a token, for as long as nothing has been sent.
 *
 * @example
 * ```ts
 * @Get()
 * @MachineRoute('contacts:export')
 * export(@TokenRevoked() revoked: AbortSignal) {
 *   return ndjsonStream(lines(), revoked);
 * }
 * ```
 * @throws Error on a public route, where there is no token.
 */
export const TokenRevoked = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const http = context.switchToHttp();
  const watch = watchOf(http.getRequest<object>());
  if (!watch) throw new Error(`${context.getClass().name}.${context.getHandler().name} has no token: is it guarded?`);
  const controller = new AbortController();
  const end = watch((refusal) => controller.abort(refusal));
  // Nobody listens for longer than the answer takes; whoever asked may have gone while the token was verified.
  const { raw } = http.getResponse<FastifyReply>();
  if (raw.closed) end();
  else raw.once('close', end);
  return controller.signal;
});
