import { Body, Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { RawParameters } from '@trefoil/oauth-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type FrontendConfig } from '../config.js';
import type { SeeOther } from '../http/page-result.js';
import { OpenPages } from '../page-access/pages.decorator.js';
import { readInitiatedLogin } from './initiated-login.js';
import { SignInStarts } from './sign-in-starts.js';

/**
 * Begins a sign-in that another site asks for with a form: `POST /login` (OpenID Connect Core §4). It changes nothing but
 * where the browser goes, so it may come from anywhere.
 */
@Controller('login')
@OpenPages()
export class InitiatedLoginController {
  constructor(
    private readonly starts: SignInStarts,
    @Inject(CONFIG) private readonly config: Pick<FrontendConfig, 'PUBLIC_URL' | 'ISSUER'>,
  ) {}

  @Post()
  login(
    @Body() body: RawParameters,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SeeOther> {
    const { ISSUER: issuer, PUBLIC_URL: publicUrl } = this.config;
    const { returnTo, loginHint } = readInitiatedLogin(body, { issuer, publicUrl });
    return this.starts.begin(request, reply, returnTo, loginHint);
  }
}
