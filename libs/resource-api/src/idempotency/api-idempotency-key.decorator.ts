import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { ApiProblem } from '@trefoil/guards';
import { IDEMPOTENCY_KEY } from './idempotency-key.js';

/** Documents a route that takes an `Idempotency-Key` and runs through `IdempotentRequests`. */
export const ApiIdempotencyKey = () =>
  applyDecorators(
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'A retry with the same key gets the same answer for 24 hours',
      schema: { type: 'string', pattern: IDEMPOTENCY_KEY.source },
    }),
    ApiProblem(409, 'The first request with this Idempotency-Key is still running'),
    ApiProblem(422, 'The Idempotency-Key was used for another request before'),
  );
