import { Body, Controller, Header, HttpCode, Logger, Post, Req } from '@nestjs/common';
import { invalidRequest, Parameters, type RawParameters } from '@trefoil/oauth-protocol';
import type { FastifyRequest } from 'fastify';
import { Sessions } from '../session/sessions.js';
import { LogoutTokenVerifier } from './logout-token-verifier.js';

/**
 * Ends sessions at the request of the provider: `POST /backchannel-logout` (OpenID Connect Back-Channel Logout §2.5).
 * The caller is a server, so cookies, origin and form tokens do not count. The logout token alone proves the request.
 */
@Controller('backchannel-logout')
export class BackChannelLogoutController {
  private readonly logger = new Logger(BackChannelLogoutController.name);

  constructor(
    private readonly verifier: LogoutTokenVerifier,
    private readonly sessions: Sessions,
  ) {}

  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async logout(@Req() request: FastifyRequest, @Body() body: unknown): Promise<void> {
    if (!request.headers['content-type']?.toLowerCase().startsWith('application/x-www-form-urlencoded')) {
      throw invalidRequest('the body must be application/x-www-form-urlencoded');
    }
    const target = await this.verifier.verify(Parameters.from(body as RawParameters).require('logout_token'));
    const count =
      'sid' in target
        ? await this.sessions.endBySid(target.sid, target.issuedAt)
        : await this.sessions.endBySub(target.sub, target.issuedAt);
    this.logger.log(`The provider ended ${count} sessions`);
  }
}
