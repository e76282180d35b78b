import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FormTokens } from '../forms/form-token.js';
import { FormTokenError } from '../forms/form-token.guard.js';
import { formTokenIn } from '../forms/form-values.js';
import { type PageResult, SeeOther } from '../http/page-result.js';
import type { CurrentUser } from '../http/site-layout.js';
import { CurrentUserPipe } from '../page-access/current-user.pipe.js';
import { PublicPages } from '../page-access/pages.decorator.js';
import { ProviderClient } from '../provider-client/provider-client.js';
import { OptionalSession } from '../session/current-session.decorator.js';
import type { Session } from '../session/session.js';
import { SessionCookie } from '../session/session-cookie.js';
import { Sessions } from '../session/sessions.js';
import { SignedOutHerePage, SignOutPage } from './sign-out.page.js';

/** Asks for confirmation (`GET /logout`), and ends the session here and at the provider (`POST /logout`). */
@Controller('logout')
@PublicPages()
export class LogoutController {
  constructor(
    private readonly provider: ProviderClient,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
    private readonly formTokens: FormTokens,
  ) {}

  @Get()
  confirm(@OptionalSession(CurrentUserPipe) user: CurrentUser | undefined): PageResult {
    return <SignOutPage user={user} />;
  }

  @Post()
  async logout(
    @OptionalSession() session: Session | undefined,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PageResult> {
    if (session) {
      if (!this.formTokens.verify(session, formTokenIn(body))) throw new FormTokenError();
      await this.sessions.end(session.id);
    }
    this.cookie.clear(reply);
    try {
      const url = this.provider.endSessionUrl(session?.content);
      // The browser may be closed before it reaches the provider, and a copy of the tokens must be useless even then.
      await Promise.all([url, this.revoke(session, request)]);
      return new SeeOther((await url).href);
    } catch (error) {
      if (error instanceof DependencyUnavailableError) return <SignedOutHerePage />;
      throw error;
    }
  }

  /** Revokes the tokens of a session. The sign-out goes on when that fails: the provider also revokes them with its session. */
  private async revoke(session: Session | undefined, request: FastifyRequest): Promise<void> {
    const refreshToken = session?.content.refreshToken;
    if (refreshToken === undefined) return;
    await this.provider.revoke(refreshToken).catch((error: unknown) => {
      request.log.warn({ err: error }, 'the tokens of a session were not revoked at its sign-out');
    });
  }
}
