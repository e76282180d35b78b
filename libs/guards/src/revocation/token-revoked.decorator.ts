import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { onResponseClose } from '@trefoil/server-kit';
import type { FastifyReply } from 'fastify';
import { noAccessToken, revocationSubscriptionOf } from '../bearer/token.decorator.js';

/**
 * Injects an `AbortSignal` into a parameter of a handler. It is aborted when the token of the request is revoked, and a
 * handler that streams must then end its response. The reason of the signal is the error response for a revoked token, to
 * be thrown if nothing has been sent.
 *
 * @example
 * ```ts
 * @Get()
 * @MachineRoute('contacts:export')
 * export(@TokenRevoked() revoked: AbortSignal) {
 *   revoked.addEventListener('abort', () => stream.destroy());
 *   return new StreamableFile(stream);
 * }
 * ```
 * @throws Error on a public route, where no token is verified.
 */
export const TokenRevoked = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const http = context.switchToHttp();
  const subscribe = revocationSubscriptionOf(http.getRequest<object>());
  if (!subscribe) throw noAccessToken(context);
  const controller = new AbortController();
  const unsubscribe = subscribe((error) => controller.abort(error));
  onResponseClose(http.getResponse<FastifyReply>().raw, unsubscribe);
  return controller.signal;
});
