import { Body, Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ClientAuthentication } from '../../clients/authentication/client-authentication.js';
import { originOf } from '../../http/request-origin.js';
import { readFormParameters } from '../../http/read-form-parameters.js';
import { TokenRevocation } from './token-revocation.js';

/**
 * `POST /revoke`: a client gives back a token it no longer needs (RFC 7009).
 *
 * A token that is unknown or has ended is answered 200 like one that was revoked (RFC 7009 §2.2); another client's token
 * stays as it is, and is refused (§2.1).
 */
@Controller()
export class RevocationController {
  constructor(
    private readonly clientAuthentication: ClientAuthentication,
    private readonly revocation: TokenRevocation,
  ) {}

  @Post('revoke')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async revoke(@Req() request: FastifyRequest, @Body() body: unknown): Promise<void> {
    const parameters = readFormParameters(request, body);
    parameters.refuseRepeated();
    const client = await this.clientAuthentication.authenticate(request, parameters);
    await this.revocation.revoke(parameters.require('token'), client, originOf(request));
  }
}
