import { Body, Controller, Header, HttpCode, Logger, Post, Req } from '@nestjs/common';
import { invalidRequest, Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import type { FastifyRequest } from 'fastify';
import { Sessions } from '../session/sessions.js';
import { LogoutTokens } from './logout-token-verifier.js';

/**
 * `POST /backchannel-logout`: the provider says that a session has ended there (OpenID Connect Back-Channel Logout §2.5).
 * No browser comes here, and no cookie counts: the token alone is believed.
 */
@Controller('backchannel-logout')
export class BackChannelLogoutController {
  private readonly logger = new Logger(BackChannelLogoutController.name);

  constructor(
    private readonly tokens: LogoutTokens,
    private readonly sessions: Sessions,
  ) {}

  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async logout(@Req() request: FastifyRequest, @Body() body: unknown): Promise<void> {
    if (!request.headers['content-type']?.toLowerCase().startsWith('application/x-www-form-urlencoded')) {
      throw invalidRequest('the body must be application/x-www-form-urlencoded');
    }
    const ended = await this.tokens.redeem(Parameters.from(body as RawParameters).require('logout_token'));
    const count = 'sid' in ended ? await this.sessions.endBySid(ended.sid) : await this.sessions.endBySub(ended.sub);
    this.logger.log(`The provider ended ${count} sessions`);
  }
}
