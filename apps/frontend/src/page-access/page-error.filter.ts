import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import { ErrorFilter } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NotAllowedError } from '../backend-client/backend-errors.js';
import { FormTokenError } from '../forms/form-token.guard.js';
import { HeldForms } from '../forms/kept-forms.js';
import { SessionEndedError } from '../session/session-ended.error.js';
import { signInPath } from '../sign-in/return-to.js';
import { type ErrorPageContext, renderErrorPage } from '../http/error-page.js';
import { isNavigation } from '../http/is-navigation.js';
import { surfaceOf } from '../http/request-kind.js';
import { ViewerPipe } from './current-user.pipe.js';

/**
 * Answers the errors of pages: leads who is not signed in to the sign-in, keeps what they had typed, and shows everything
 * else as a page that still knows who is looking.
 */
@Catch()
@Injectable()
export class PageErrorFilter implements ExceptionFilter {
  constructor(
    private readonly heldForms: HeldForms,
    private readonly viewers: ViewerPipe,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    try {
      if (error instanceof SessionEndedError && error.reason === 'gone')
        return await this.askToSignIn(error, request, reply);
      await this.show(error, request, reply, host);
    } catch (failure) {
      new ErrorFilter(surfaceOf, renderErrorPage).catch(failure, host);
    }
  }

  private async askToSignIn(
    { status, title, detail }: SessionEndedError,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    void reply.header('Cache-Control', 'no-store');
    if (isNavigation(request)) return void reply.redirect(signInPath(await this.pageOf(request, reply)), 303);
    // A script cannot follow a redirect to the provider; it gets to know where to send the person.
    const signInUrl = signInPath(isSafe(request) ? request.url : '/');
    const problem = { type: 'about:blank', title, status, detail, requestId: request.id, signInUrl };
    void reply
      .status(status)
      .header('Content-Type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(problem));
  }

  private async show(error: unknown, request: FastifyRequest, reply: FastifyReply, host: ArgumentsHost) {
    const context: ErrorPageContext = {
      viewer: error instanceof SessionEndedError ? undefined : this.viewers.transform(request.session),
      next: await this.nextAfter(error, request, reply),
    };
    new ErrorFilter(surfaceOf, (shown) => renderErrorPage(shown, context)).catch(error, host);
  }

  private async nextAfter(
    error: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<ErrorPageContext['next']> {
    if (!isNavigation(request)) return undefined;
    const home = { href: '/', label: 'Start page' };
    if (error instanceof SessionEndedError || error instanceof NotAllowedError) {
      return [{ href: signInPath(await this.pageOf(request, reply)), label: 'Sign in again' }, home];
    }
    if (error instanceof FormTokenError) {
      return [{ href: await this.pageOf(request, reply), label: 'Show what I entered' }, home];
    }
    return undefined;
  }

  /** The page of a request: for a form the one that offers it again, with what was filled in. */
  private async pageOf(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    if (isSafe(request)) return request.url;
    return request.formPage === undefined ? '/' : this.heldForms.hold(request, reply, request.formPage);
  }
}

const isSafe = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD';
