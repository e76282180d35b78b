import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { randomSecret } from '@trefoil/oauth-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type FrontendConfig } from '../config.js';
import { SeeOther } from '../layout/answer.js';
import { PublicPages } from '../layout/pages.decorator.js';
import { Provider } from '../provider-client/provider.js';
import { returnTo } from './return-to.js';
import { SignInTransactions } from './sign-in-transactions.js';

/** Begins a sign-in: `GET /login?return_to=`. */
@Controller('login')
@PublicPages()
export class LoginController {
  constructor(
    private readonly provider: Provider,
    private readonly transactions: SignInTransactions,
    @Inject(CONFIG) private readonly config: Pick<FrontendConfig, 'PUBLIC_URL'>,
  ) {}

  @Get()
  async login(
    @Query('return_to') requested: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SeeOther> {
    const secrets = { state: randomSecret(), nonce: randomSecret(), codeVerifier: randomSecret() };
    const url = await this.provider.signInUrl(secrets);
    const { state, nonce, codeVerifier } = secrets;
    const page = returnTo(requested, this.config.PUBLIC_URL);
    await this.transactions.create(request, reply, { status: 'open', returnTo: page, nonce, codeVerifier }, state);
    return new SeeOther(url.href);
  }
}
