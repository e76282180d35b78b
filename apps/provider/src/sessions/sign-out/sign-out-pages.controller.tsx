import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Client } from '../../clients/client.entity.js';
import { Clients } from '../../clients/clients.js';
import { seeOther, sendPage } from '../../http/replies.js';
import { SessionCookie } from '../session-cookie.js';
import { ConfirmSignOutPage } from './confirm-sign-out.page.js';
import { SignedOutPage } from './signed-out.page.js';

/** Parameters of the sign-out request that the confirmation form repeats. */
const REPEATED = ['client_id', 'post_logout_redirect_uri', 'state'];

/** Serves the pages of `/end-session`. They do not check their query: the endpoint checks the form that they send. */
@Controller('end-session')
export class SignOutPagesController {
  constructor(
    private readonly clients: Clients,
    private readonly sessionCookie: SessionCookie,
  ) {}

  @Get('confirm')
  async confirm(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: RawParameters,
  ): Promise<void> {
    const parameters = Parameters.from(query);
    const hidden = Object.fromEntries(REPEATED.map((name) => [name, parameters.get(name)]));
    const signedIn = await this.sessionCookie.read(request);
    if (!signedIn) return seeOther(reply, '/end-session/signed-out');
    const view = {
      email: signedIn.user.email,
      client: await this.findClient(parameters),
      formToken: this.sessionCookie.formToken(request, 'sign-out'),
      hidden,
    };
    sendPage(reply, <ConfirmSignOutPage {...view} />);
  }

  @Get('signed-out')
  async signedOut(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: RawParameters,
  ): Promise<void> {
    const parameters = Parameters.from(query);
    if (await this.sessionCookie.read(request)) return seeOther(reply, '/end-session/confirm');
    sendPage(reply, <SignedOutPage client={await this.findClient(parameters)} />);
  }

  private async findClient(parameters: Parameters): Promise<Client | null> {
    const clientId = parameters.get('client_id');
    return clientId === undefined ? null : this.clients.find(clientId);
  }
}
