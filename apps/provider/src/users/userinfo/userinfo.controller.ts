import { Controller, Get, Header, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { BearerGuard, Token, UserRoute, type VerifiedAccessToken } from '@trefoil/guards';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GrantNetworks } from '../../grants/grant-networks.js';
import { FormAccessTokenGuard } from './form-access-token.guard.js';
import { UserinfoResponses } from './userinfo-responses.js';

/** Serves `GET` and `POST /userinfo`: the claims of the user that the access token gives access to (OpenID Connect Core §5.3). */
@Controller('userinfo')
@UseGuards(FormAccessTokenGuard, BearerGuard)
@UserRoute('openid')
export class UserinfoController {
  constructor(
    private readonly responses: UserinfoResponses,
    private readonly networks: GrantNetworks,
  ) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  read(
    @Req() request: FastifyRequest,
    @Token() token: VerifiedAccessToken,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.answer(request, token, reply);
  }

  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  readByPost(
    @Req() request: FastifyRequest,
    @Token() token: VerifiedAccessToken,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.answer(request, token, reply);
  }

  private async answer(
    request: FastifyRequest,
    token: VerifiedAccessToken,
    reply: FastifyReply,
  ): Promise<object | string> {
    const response = await this.responses.of(token);
    const { grant_id, act } = token.claims;
    if (grant_id !== undefined && act === undefined) this.networks.record(grant_id, request.ip);
    if ('claims' in response) return response.claims;
    void reply.type('application/jwt');
    return response.jwt;
  }
}
