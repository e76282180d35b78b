import { Controller, Get, Header, HttpCode, Post, Res, UseGuards } from '@nestjs/common';
import { BearerGuard, Token, UserRoute, type VerifiedAccessToken } from '@trefoil/guards';
import type { FastifyReply } from 'fastify';
import { FormTokenGuard } from './form-token.guard.js';
import { UserClaims } from './user-claims.js';

/** `GET|POST /userinfo`: the claims of a user that the token was asked for (OpenID Connect Core §5.3). */
@Controller('userinfo')
@UseGuards(FormTokenGuard, BearerGuard)
@UserRoute('openid')
export class UserinfoEndpoint {
  constructor(private readonly userClaims: UserClaims) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  read(@Token() token: VerifiedAccessToken, @Res({ passthrough: true }) reply: FastifyReply): Promise<object | string> {
    return this.answer(token, reply);
  }

  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  readByPost(
    @Token() token: VerifiedAccessToken,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object | string> {
    return this.answer(token, reply);
  }

  private async answer(token: VerifiedAccessToken, reply: FastifyReply): Promise<object | string> {
    const response = await this.userClaims.of(token);
    if ('claims' in response) return response.claims;
    void reply.type('application/jwt');
    return response.jwt;
  }
}
