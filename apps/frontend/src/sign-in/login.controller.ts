import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { RawParameters } from '@trefoil/oauth-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type FrontendConfig } from '../config.js';
import type { SeeOther } from '../http/page-result.js';
import { PublicPages } from '../page-access/pages.decorator.js';
import { readInitiatedLogin } from './initiated-login.js';
import { returnTo } from './return-to.js';
import { SignInStarts } from './sign-in-starts.js';

/** Begins a sign-in: `GET /login?return_to=`, or with `iss` for another site (OpenID Connect Core §4). */
@Controller('login')
@PublicPages()
export class LoginController {
  constructor(
    private readonly starts: SignInStarts,
    @Inject(CONFIG) private readonly config: Pick<FrontendConfig, 'PUBLIC_URL' | 'ISSUER'>,
  ) {}

  @Get()
  login(
    @Query() query: RawParameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SeeOther> {
    const { ISSUER: issuer, PUBLIC_URL: publicUrl } = this.config;
    if (query.iss === undefined) return this.starts.begin(request, reply, returnTo(query.return_to, publicUrl));
    const initiated = readInitiatedLogin(query, { issuer, publicUrl });
    return this.starts.begin(request, reply, initiated.returnTo, initiated.loginHint);
  }
}
