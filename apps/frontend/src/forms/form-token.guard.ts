import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ProblemError } from '@trefoil/server-kit';
import type { FastifyRequest } from 'fastify';
import { FormTokens } from './form-token.js';

/** The form was made for another session. */
export class FormTokenError extends ProblemError {
  override readonly name = 'FormTokenError';

  constructor() {
    super(403, 'Forbidden', {
      detail: 'This form belongs to an earlier sign-in, so nothing was changed. Open the page again and repeat it.',
    });
  }
}

/** Takes a form only with the token that our page put into it for this session. Runs after the session guard. */
@Injectable()
export class FormTokenGuard implements CanActivate {
  constructor(private readonly formTokens: FormTokens) {}

  canActivate(context: ExecutionContext): boolean {
    const { method, session, body } = context.switchToHttp().getRequest<FastifyRequest<{ Body: unknown }>>();
    if (method === 'GET' || method === 'HEAD') return true;
    if (!session || !this.formTokens.matches(session, formToken(body))) throw new FormTokenError();
    return true;
  }
}

/** The `form_token` of a body. */
export const formToken = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'form_token' in body ? body.form_token : undefined;
