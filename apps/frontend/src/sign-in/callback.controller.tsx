import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Backend } from '../backend-client/backend-client.js';
import { CONFIG, type FrontendConfig } from '../config.js';
import { type Answer, PageAnswer, SeeOther } from '../http/page-result.js';
import { PublicPages } from '../page-access/pages.decorator.js';
import { type Viewer, ViewerPipe } from '../page-access/current-user.pipe.js';
import { SignInRefusedError } from '../provider-client/provider-errors.js';
import { Provider } from '../provider-client/provider-client.js';
import { FoundSession } from '../session/current-session.decorator.js';
import { SessionCookie } from '../session/session-cookie.js';
import type { Session } from '../session/session.js';
import { Sessions } from '../session/sessions.js';
import { type SignInProblem, SignInProblemPage, statusOfProblem } from './sign-in-problem.page.js';
import { SignInTransactions } from './sign-in-transactions.js';

/** Ends a sign-in: `GET /callback`, the redirect URI. */
@Controller('callback')
@PublicPages()
export class CallbackController {
  constructor(
    private readonly provider: Provider,
    private readonly transactions: SignInTransactions,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
    private readonly backend: Backend,
    @Inject(CONFIG) private readonly config: Pick<FrontendConfig, 'PUBLIC_URL'>,
  ) {}

  @Get()
  async callback(
    @Query('state') state: unknown,
    @FoundSession() session: Session | undefined,
    @FoundSession(ViewerPipe) viewer: Viewer | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer> {
    const transaction = typeof state === 'string' ? await this.transactions.find(request, state) : undefined;
    if (!transaction) return problemPage('unknown', '/', request, viewer);
    const { handle, value } = transaction;
    const { returnTo } = value;
    // Of two answers to one sign-in only the first is looked at; the other may be a page that was loaded again.
    if (
      value.status === 'answered' ||
      !(await this.transactions.replace(transaction, { status: 'answered', returnTo }))
    ) {
      return session ? new SeeOther(returnTo) : problemPage('used', returnTo, request);
    }
    const { nonce, codeVerifier } = value;
    try {
      const url = new URL(request.url, this.config.PUBLIC_URL);
      const signedIn = await this.provider.redeem(url, { state: handle, nonce, codeVerifier });
      const begun = await this.sessions.create(signedIn);
      if (session) await this.sessions.end(session.id);
      this.cookie.write(reply, begun.id);
      await this.learnName(begun, request);
      return new SeeOther(returnTo);
    } catch (error) {
      return problemPage(problemOf(error, request), returnTo, request, viewer);
    }
  }

  /** The header of the pages shows a name, and the ID token may have none; without it they do as well. */
  private async learnName(session: Session, request: FastifyRequest): Promise<void> {
    if (session.content.name !== undefined) return;
    try {
      const { account } = await this.backend.profile(session);
      await this.sessions.update(session.id, (content) => ({ ...content, name: account.name ?? account.email }));
    } catch (error) {
      request.log.warn({ err: error }, 'the name of who signed in is not known');
    }
  }
}

/** What an error means to the person; what it is in detail goes to the log. */
function problemOf(error: unknown, request: FastifyRequest): SignInProblem {
  const known = error instanceof SignInRefusedError || error instanceof DependencyUnavailableError;
  if (!known) throw error;
  request.log.warn({ err: error }, 'a sign-in failed');
  if (error instanceof DependencyUnavailableError) return 'unavailable';
  if (error.code === 'temporarily_unavailable' || error.code === 'server_error') return 'unavailable';
  return error.code === 'access_denied' ? 'denied' : 'refused';
}

function problemPage(problem: SignInProblem, returnTo: string, request: FastifyRequest, viewer?: Viewer): PageAnswer {
  const page = <SignInProblemPage problem={problem} returnTo={returnTo} requestId={request.id} viewer={viewer} />;
  return new PageAnswer(statusOfProblem(problem), page, problem === 'unavailable' ? { 'Retry-After': '5' } : {});
}
