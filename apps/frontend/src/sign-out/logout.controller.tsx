import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import type { FastifyReply } from 'fastify';
import { type Answer, SeeOther } from '../http/page-result.js';
import { PublicPages } from '../page-access/pages.decorator.js';
import { type Viewer, ViewerPipe } from '../page-access/current-user.pipe.js';
import { Provider } from '../provider-client/provider-client.js';
import { FoundSession } from '../session/current-session.decorator.js';
import { FormTokenError, formToken } from '../forms/form-token.guard.js';
import { FormTokens } from '../forms/form-token.js';
import { SessionCookie } from '../session/session-cookie.js';
import type { Session } from '../session/session.js';
import { Sessions } from '../session/sessions.js';
import { SignedOutHerePage, SignOutPage } from './sign-out.page.js';

/** Ends the session here, then at the provider: `POST /logout`. */
@Controller('logout')
@PublicPages()
export class LogoutController {
  constructor(
    private readonly provider: Provider,
    private readonly sessions: Sessions,
    private readonly cookie: SessionCookie,
    private readonly formTokens: FormTokens,
  ) {}

  @Get()
  ask(@FoundSession(ViewerPipe) viewer: Viewer | undefined): Answer {
    return <SignOutPage viewer={viewer} />;
  }

  @Post()
  async logout(
    @FoundSession() session: Session | undefined,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer> {
    if (session) {
      if (!this.formTokens.matches(session, formToken(body))) throw new FormTokenError();
      await this.sessions.end(session.id);
    }
    this.cookie.clear(reply);
    try {
      return new SeeOther((await this.provider.endSessionUrl(session?.content.sid)).href);
    } catch (error) {
      if (error instanceof DependencyUnavailableError) return <SignedOutHerePage />;
      throw error;
    }
  }
}
