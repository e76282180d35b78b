import { Body, Controller, Get, Post, Query, Req, Res, UseGuards } from '@nestjs/common';
import { Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import { SameOriginGuard } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { seeOther, sendPage } from '../http/replies.js';
import { originOf } from '../http/request-origin.js';
import { Revocations } from '../issued-tokens/revocations.js';
import { SessionCookie } from '../sessions/session-cookie.js';
import { Sessions } from '../sessions/sessions.js';
import { SignedInPages } from '../sessions/sign-in/signed-in-pages.js';
import { AccountOverviews } from './account-overview.js';
import { AccountPage } from './account.page.js';
import { readPageCursor } from './event-table.js';

/** Serves `/account`, where people see their data, their sessions and the applications with access, and end sessions and access. */
@Controller('account')
@UseGuards(SameOriginGuard)
export class AccountController {
  constructor(
    private readonly pages: SignedInPages,
    private readonly overviews: AccountOverviews,
    private readonly sessions: Sessions,
    private readonly sessionCookie: SessionCookie,
    private readonly revocations: Revocations,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply, @Query() query: RawParameters): Promise<void> {
    const signedIn = await this.pages.requireUser(request, reply, '/account');
    if (!signedIn) return;
    const parameters = Parameters.from(query);
    const before = readPageCursor(parameters.get('before'));
    const view = {
      frame: this.pages.frame(request, signedIn, '/account'),
      user: signedIn.user,
      overview: await this.overviews.of(signedIn, before),
      isFirst: before === undefined,
      done: parameters.get('done'),
      formToken: this.pages.formToken(request, '/account'),
    };
    sendPage(reply, <AccountPage {...view} />);
  }

  /** Ends one of the user's sessions. Ignores the id of another user's session, without telling whether it exists. */
  @Post('sessions')
  async endSession(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body() body: RawParameters,
  ): Promise<void> {
    const signedIn = await this.pages.requireUser(request, reply, '/account');
    if (!signedIn) return;
    const id = this.pages.readForm(request, '/account', body).get('session');
    const session = (await this.sessions.ofUser(signedIn.user.id)).find((own) => own.id === id);
    if (session) await this.revocations.revokeSession(session, originOf(request));
    if (session?.id !== signedIn.session.id) return seeOther(reply, '/account?done=session');
    this.sessionCookie.clear(reply);
    seeOther(reply, '/end-session/signed-out');
  }

  /** Withdraws the user's consent to an application and revokes its grants. */
  @Post('applications')
  async withdraw(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body() body: RawParameters,
  ): Promise<void> {
    const signedIn = await this.pages.requireUser(request, reply, '/account');
    if (!signedIn) return;
    const clientId = this.pages.readForm(request, '/account', body).get('client_id');
    if (clientId !== undefined) await this.revocations.withdrawConsent(signedIn.user.id, clientId, originOf(request));
    seeOther(reply, '/account?done=application');
  }
}
