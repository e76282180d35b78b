import { Controller, Get, Inject, Optional, Query, Req, Res } from '@nestjs/common';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Apis } from '../apis/apis.js';
import { CONFIG, type WebServerConfig } from '../config.js';
import { PageResponse, type PageResult, SeeOther } from '../http/page-result.js';
import type { CurrentUser } from '../http/site-layout.js';
import { CurrentUserPipe } from '../page-access/current-user.pipe.js';
import { PublicPages } from '../page-access/pages.decorator.js';
import { ProviderClient } from '../provider-client/provider-client.js';
import { SignInRefusedError } from '../provider-client/provider-errors.js';
import { OptionalSession } from '../session/current-session.decorator.js';
import type { Session } from '../session/session.js';
import { SessionCookie } from '../session/session-cookie.js';
import { SessionEndedError } from '../session/session-ended.error.js';
import { Sessions } from '../session/sessions.js';
import { NAME_SOURCE, type NameSource } from './name-source.js';
import { type SignInProblem, SignInProblemPage, statusOfProblem } from './sign-in-problem.page.js';
import { SignInTransactions } from './sign-in-transactions.js';

/** Completes a sign-in: `GET /callback`, the redirect URI. */
@Controller('callback')
@PublicPages()
export class CallbackController {
  constructor(
    private readonly provider: ProviderClient,
    private readonly transactions: SignInTransactions,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
    private readonly apis: Apis,
    @Inject(CONFIG) private readonly config: Pick<WebServerConfig, 'PUBLIC_URL'>,
    @Optional() @Inject(NAME_SOURCE) private readonly names: NameSource | undefined,
  ) {}

  @Get()
  async callback(
    @Query('state') state: unknown,
    @OptionalSession() session: Session | undefined,
    @OptionalSession(CurrentUserPipe) user: CurrentUser | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageResult> {
    const transaction = typeof state === 'string' ? await this.transactions.find(request, reply, state) : undefined;
    if (!transaction) return problemPage('unknown', '/', request, user);
    const { handle, value } = transaction;
    const { returnTo } = value;
    // Only the first response to a sign-in is processed. A second one may come from a reloaded page.
    if (
      value.status === 'answered' ||
      !(await this.transactions.replace(transaction, { status: 'answered', returnTo }))
    ) {
      return session ? new SeeOther(returnTo) : problemPage('used', returnTo, request);
    }
    const { nonce, codeVerifier } = value;
    try {
      const url = new URL(request.url, this.config.PUBLIC_URL);
      const signedIn = await this.provider.redeemCode(url, { state: handle, nonce, codeVerifier });
      const { issuedAt, accessToken, ...content } = signedIn;
      const accessTokens = { [this.apis.first.resource]: accessToken };
      const newSession = await this.sessions.create({ ...content, accessTokens }, issuedAt);
      await this.fetchName(newSession, request);
      if (session) await this.sessions.end(session.id);
      this.cookie.write(reply, newSession.id);
      return new SeeOther(returnTo);
    } catch (error) {
      const problem = problemOf(error);
      request.log.warn({ err: error }, 'a sign-in failed');
      return problemPage(problem, returnTo, request, problem === 'ended' ? undefined : user, error);
    }
  }

  /**
   * Fetches the name for the page header when the ID token has none. Without a name the sign-in succeeds as well.
   *
   * @throws SessionEndedError when the provider has ended the session already. The next page would start another sign-in.
   */
  private async fetchName(session: Session, request: FastifyRequest): Promise<void> {
    if (session.content.name !== undefined || !this.names) return;
    try {
      const name = await this.names.nameOf(session);
      await this.sessions.update(session.id, (content) => ({ ...content, name }));
    } catch (error) {
      if (error instanceof SessionEndedError) throw error;
      request.log.warn({ err: error }, 'the name of the signed-in user could not be fetched');
    }
  }
}

/** Returns the problem to show to the user. Rethrows an unexpected error. */
function problemOf(error: unknown): SignInProblem {
  if (error instanceof DependencyUnavailableError) return 'unavailable';
  if (error instanceof SessionEndedError) return 'ended';
  if (!(error instanceof SignInRefusedError)) throw error;
  if (error.code === 'temporarily_unavailable' || error.code === 'server_error') return 'unavailable';
  return error.code === 'access_denied' ? 'denied' : 'refused';
}

/** @param cause The error that led to the problem. Of a server that is down, the page passes on the `Retry-After`. */
function problemPage(
  problem: SignInProblem,
  returnTo: string,
  request: FastifyRequest,
  user?: CurrentUser,
  cause?: unknown,
): PageResponse {
  const page = <SignInProblemPage problem={problem} returnTo={returnTo} requestId={request.id} user={user} />;
  const usual: Record<string, string> = problem === 'unavailable' ? { 'Retry-After': '5' } : {};
  const headers = cause instanceof DependencyUnavailableError ? cause.headers : usual;
  return new PageResponse(statusOfProblem(problem), page, headers);
}
