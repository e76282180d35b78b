import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { FormPage, formPagePath } from '../forms/form-page.js';
import { SessionCookie } from './session-cookie.js';
import { Sessions } from './sessions.js';

/** Gives handlers the session of the request, if there is one. */
@Injectable()
export class OptionalSessionGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest<{ Params: Record<string, string> }>>();
    const template = this.reflector.get(FormPage, context.getHandler());
    if (template !== undefined) request.formPage = formPagePath(template, request.params);
    const id = this.cookie.read(request);
    request.session = id === undefined ? undefined : await this.sessions.find(id);
    return true;
  }
}
