import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import { ErrorFilter } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NotAllowedError } from '../backend-client/backend-errors.js';
import { FormTokenError } from '../forms/form-token.guard.js';
import { KeptForms } from '../forms/kept-forms.js';
import { type ErrorPageContext, renderErrorPage } from '../http/error-page.js';
import { type Link, signInLink, signInPath, START_PAGE } from '../http/links.js';
import { isNavigation, isSafeMethod, surfaceOf } from '../http/request-kind.js';
import { SessionEndedError } from '../session/session-ended.error.js';
import { CurrentUserPipe } from './current-user.pipe.js';

/**
 * Handles the errors of pages. When the session has ended, it keeps a submitted form and redirects to the sign-in;
 * scripts receive 401 instead. Every other error becomes a page with the next steps.
 */
@Catch()
@Injectable()
export class PageErrorFilter implements ExceptionFilter {
  constructor(
    private readonly keptForms: KeptForms,
    private readonly currentUser: CurrentUserPipe,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    try {
      if (error instanceof SessionEndedError && error.reason === 'gone')
        return await this.requireSignIn(error, request, reply);
      await this.showErrorPage(error, request, reply, host);
    } catch (failure) {
      new ErrorFilter(surfaceOf, renderErrorPage).catch(failure, host);
    }
  }

  private async requireSignIn(
    { status, title, detail }: SessionEndedError,
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    void reply.header('Cache-Control', 'no-store');
    if (isNavigation(request)) return void reply.redirect(signInPath(await this.pathToReturnTo(request, reply)), 303);
    // A script cannot follow a redirect to the provider, so it receives the address of the sign-in instead.
    const signInUrl = signInPath(isSafeMethod(request.method) ? request.url : '/');
    const problem = { type: 'about:blank', title, status, detail, requestId: request.id, signInUrl };
    void reply
      .status(status)
      .header('Content-Type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(problem));
  }

  private async showErrorPage(error: unknown, request: FastifyRequest, reply: FastifyReply, host: ArgumentsHost) {
    const context: ErrorPageContext = {
      user: error instanceof SessionEndedError ? undefined : this.currentUser.transform(request.session),
      next: await this.nextSteps(error, request, reply),
    };
    new ErrorFilter(surfaceOf, (shown) => renderErrorPage(shown, context)).catch(error, host);
  }

  private async nextSteps(
    error: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<readonly Link[] | undefined> {
    if (!isNavigation(request)) return undefined;
    if (error instanceof SessionEndedError || error instanceof NotAllowedError) {
      return [signInLink(await this.pathToReturnTo(request, reply)), START_PAGE];
    }
    if (error instanceof FormTokenError) {
      return [{ href: await this.pathToReturnTo(request, reply), label: 'Show what I entered' }, START_PAGE];
    }
    return undefined;
  }

  /** Returns the path of the requested page. For a form, keeps it and returns the page that shows it filled in. */
  private async pathToReturnTo(request: FastifyRequest, reply: FastifyReply): Promise<string> {
    if (isSafeMethod(request.method)) return request.url;
    return request.formPage === undefined ? '/' : this.keptForms.keep(request, reply, request.formPage);
  }
}
