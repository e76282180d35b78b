import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type ProviderConfig } from '../config.js';
import { sendPage } from '../http/replies.js';
import { SessionCookie } from '../sessions/session-cookie.js';
import { HomePage } from './home.page.js';

/** Serves `/`, which explains what this server is. */
@Controller()
export class HomeController {
  constructor(
    private readonly sessionCookie: SessionCookie,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const signedIn = await this.sessionCookie.read(request);
    const user = signedIn && {
      name: signedIn.user.email,
      signOut: { action: '/end-session', formToken: this.sessionCookie.formToken(request, 'sign-out') },
    };
    sendPage(reply, <HomePage issuer={this.config.ISSUER} user={user} />);
  }
}
