import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable } from '@nestjs/common';
import { ErrorFilter, ProblemError, TooManyRequestsError } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NotAllowedError, TokenRefusedError } from '../api-client/api-errors.js';
import { FormTokenError } from '../forms/form-token.guard.js';
import { KeptForms } from '../forms/kept-forms.js';
import { Cookies } from '../http/cookies.js';
import { renderErrorPage } from '../http/error-page.js';
import { type Link, signInLink, signInPath, START_PAGE } from '../http/links.js';
import { isNavigation, isSafeMethod, surfaceOf } from '../http/request-kind.js';
import { answerSignInNeeded } from '../http/sign-in-needed.js';
import type { Session } from '../session/session.js';
import { SessionEndedError } from '../session/session-ended.error.js';
import { WEB_SERVER, type WebServerDescription } from '../description.js';
import { CurrentUserPipe } from './current-user.pipe.js';
import { UnsentForms } from './unsent-forms.js';

/** A session that ends within this time after its sign-in is followed by one automatic sign-in. More could loop for ever. */
const YOUNG_SECONDS = 60;
const SIGNED_IN_AGAIN = 'signed_in_again';

/**
 * Handles the errors of pages. When the session has ended, it keeps a submitted form and redirects to the sign-in;
 * scripts receive 401 instead. Every other error becomes a page with the next steps. The text of a submitted form is
 * never lost: it is kept, or it stays in the page.
 */
@Catch()
@Injectable()
export class PageErrorFilter implements ExceptionFilter {
  constructor(
    private readonly keptForms: KeptForms,
    private readonly unsentForms: UnsentForms,
    private readonly currentUser: CurrentUserPipe,
    private readonly cookies: Cookies,
    @Inject(WEB_SERVER) private readonly server: Pick<WebServerDescription, 'site'>,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    try {
      if (error instanceof SessionEndedError && this.mayRequireSignIn(request, reply))
        return await this.requireSignIn(error, request, reply);
      this.showErrorPage(error, host, await this.nextSteps(error, request, reply));
    } catch (failure) {
      const isRefused = failure instanceof TooManyRequestsError;
      this.showErrorPage(isRefused ? new FormNotKeptError(failure) : failure, host);
    }
  }

  /** Returns whether an automatic sign-in may follow, and remembers it in the browser when the session was young. */
  private mayRequireSignIn(request: FastifyRequest, reply: FastifyReply): boolean {
    if (!isYoung(request.session)) return true;
    if (this.cookies.read(request, SIGNED_IN_AGAIN) !== undefined) return false;
    this.cookies.write(reply, SIGNED_IN_AGAIN, '1', YOUNG_SECONDS);
    return true;
  }

  private async requireSignIn(error: SessionEndedError, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    void reply.header('Cache-Control', 'no-store');
    if (isNavigation(request)) {
      const page = await this.pageToReturnTo(request, reply);
      if (page === undefined) throw new FormNotKeptError();
      return void reply.redirect(signInPath(page), 303);
    }
    answerSignInNeeded(request, reply, error, signInPath(isSafeMethod(request.method) ? request.url : '/'));
  }

  /** @param next The next steps. Without them, the page shows a submitted form, or the usual next steps. */
  private showErrorPage(error: unknown, host: ArgumentsHost, next?: readonly Link[]): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const hasEnded = error instanceof SessionEndedError || error instanceof FormNotKeptError;
    const user = hasEnded ? undefined : this.currentUser.transform(request.session);
    const form = next ? undefined : this.unsentForms.show(request);
    const renderPage = (shown: Parameters<typeof renderErrorPage>[1]) =>
      renderErrorPage(this.server.site, shown, { user, next, form });
    new ErrorFilter(surfaceOf, renderPage).catch(error, host);
  }

  /** Returns the next steps after an error, or undefined for the usual ones. */
  private async nextSteps(
    error: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<readonly Link[] | undefined> {
    if (!isNavigation(request)) return undefined;
    const needsSignIn = [SessionEndedError, NotAllowedError, TokenRefusedError].some((kind) => error instanceof kind);
    if (!needsSignIn && !(error instanceof FormTokenError && request.form)) return undefined;
    const page = await this.pageToReturnTo(request, reply);
    if (page === undefined) return undefined;
    return [needsSignIn ? signInLink(page) : { href: page, label: 'Show what I entered' }, START_PAGE];
  }

  /**
   * Returns the path of the requested page. For a form, keeps it and returns the page that shows it filled in; undefined
   * when the form is not kept.
   */
  private async pageToReturnTo(request: FastifyRequest, reply: FastifyReply): Promise<string | undefined> {
    if (isSafeMethod(request.method)) return request.url;
    return request.form === undefined ? '/' : this.keptForms.keep(request, reply, request.form);
  }
}

/** 401, or 429 beyond a limit: a form needs a sign-in, and is not kept until then. */
class FormNotKeptError extends ProblemError {
  override readonly name = 'FormNotKeptError';

  constructor(refusal?: TooManyRequestsError) {
    super(refusal?.status ?? 401, refusal?.title ?? 'Unauthorized', {
      detail: 'Nothing was saved. Sign in in another tab of this browser, then come back and send this form again.',
      headers: refusal?.headers,
    });
  }
}

const isYoung = (session: Session | undefined): boolean =>
  session !== undefined && Date.now() / 1000 - session.createdAt < YOUNG_SECONDS;
