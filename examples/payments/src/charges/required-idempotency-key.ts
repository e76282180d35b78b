import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ProblemError } from '@trefoil/server-kit';
import type { FastifyRequest } from 'fastify';

/**
 * Injects the `Idempotency-Key` of a request that moves money. Without a key a client could not repeat it safely.
 *
 * @throws ProblemError 400 when the header is missing.
 */
export const RequiredIdempotencyKey = createParamDecorator((_data: unknown, context: ExecutionContext): string => {
  const key = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
  if (typeof key === 'string') return key;
  throw new ProblemError(400, 'Bad Request', {
    detail: 'Send an Idempotency-Key, and the same one when you repeat the request.',
    errors: [{ field: 'Idempotency-Key', message: 'is missing' }],
  });
});
