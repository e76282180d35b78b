import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ProblemError } from '@trefoil/server-kit';
import type { FastifyRequest } from 'fastify';
import { isSafeMethod } from '../http/request-kind.js';
import { FormTokens } from './form-token.js';
import { formTokenIn } from './form-values.js';

/** 403: the form was created for another session. */
export class FormTokenError extends ProblemError {
  override readonly name = 'FormTokenError';

  constructor() {
    super(403, 'Forbidden', {
      detail: 'This form belongs to an earlier sign-in, so nothing was changed. Open the page again and repeat it.',
    });
  }
}

/** Refuses a form without the form token of the current session. Runs after the session guard. */
@Injectable()
export class FormTokenGuard implements CanActivate {
  constructor(private readonly formTokens: FormTokens) {}

  canActivate(context: ExecutionContext): boolean {
    const { method, session, body } = context.switchToHttp().getRequest<FastifyRequest<{ Body: unknown }>>();
    if (isSafeMethod(method)) return true;
    if (!session || !this.formTokens.verify(session, formTokenIn(body))) throw new FormTokenError();
    return true;
  }
}
