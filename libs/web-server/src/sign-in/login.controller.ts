import { Body, Controller, Get, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { randomSecret, type RawParameters } from '@trefoil/oauth-protocol';
import { networkOf } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type WebServerConfig } from '../config.js';
import { WebServerAdmission } from '../database/web-server-admission.js';
import { SeeOther } from '../http/page-result.js';
import { CrossSitePages } from '../page-access/pages.decorator.js';
import { ProviderClient } from '../provider-client/provider-client.js';
import { type InitiatedLogin, readInitiatedLogin } from './initiated-login.js';
import { returnTo } from './return-to.js';
import { SignInTransactions } from './sign-in-transactions.js';

/**
 * Starts a sign-in: `GET /login?return_to=`, or `GET` and `POST /login` with `iss` for another site (OpenID Connect Core
 * §4). It only redirects the browser to the provider, so other sites may send people and forms here.
 */
@Controller('login')
@CrossSitePages()
export class LoginController {
  constructor(
    private readonly provider: ProviderClient,
    private readonly transactions: SignInTransactions,
    private readonly admission: WebServerAdmission,
    @Inject(CONFIG) private readonly config: Pick<WebServerConfig, 'PUBLIC_URL' | 'ISSUER'>,
  ) {}

  @Get()
  login(
    @Query() query: RawParameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SeeOther> {
    const login =
      query.iss === undefined
        ? { returnTo: returnTo(query.return_to, this.config.PUBLIC_URL) }
        : this.initiatedLogin(query);
    return this.start(request, reply, login);
  }

  /**
   * Redirects a form of another site to `GET /login`. A browser sends no cookies with such a form, so an answer that sets a
   * cookie would not know how many there are (RFC 6265bis §5.7).
   */
  @Post()
  initiate(@Body() body: RawParameters): SeeOther {
    const { returnTo, loginHint } = this.initiatedLogin(body);
    const { ISSUER: iss, PUBLIC_URL } = this.config;
    const query = {
      iss,
      target_link_uri: PUBLIC_URL + returnTo,
      ...(loginHint !== undefined && { login_hint: loginHint }),
    };
    return new SeeOther(`/login?${new URLSearchParams(query).toString()}`);
  }

  private initiatedLogin(parameters: RawParameters): InitiatedLogin {
    const { ISSUER: issuer, PUBLIC_URL: publicUrl } = this.config;
    return readInitiatedLogin(parameters, { issuer, publicUrl });
  }

  /** Stores the transaction and redirects the browser to the provider. */
  private async start(request: FastifyRequest, reply: FastifyReply, login: InitiatedLogin): Promise<SeeOther> {
    await this.admission.admit('sign-in', networkOf(request.ip));
    const [state, nonce, codeVerifier] = [randomSecret(), randomSecret(), randomSecret()];
    const url = await this.provider.authorizationUrl({ state, nonce, codeVerifier }, login.loginHint);
    const transaction = { status: 'open', returnTo: login.returnTo, nonce, codeVerifier } as const;
    await this.transactions.create(request, reply, transaction, state);
    return new SeeOther(url.href);
  }
}
