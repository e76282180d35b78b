import { Controller, Get, Header, HttpCode, Post, UseGuards } from '@nestjs/common';
import { BearerGuard, Token, UserRoute, type VerifiedAccessToken } from '@trefoil/guards';
import { ProblemError } from '@trefoil/server-kit';
import { claimsOfScopes } from '../../model/users/claims-of.js';
import { Users } from '../../model/users/users.js';
import { FormTokenGuard } from './form-token.guard.js';

/** `GET|POST /userinfo`: the claims of a user that the scopes of the token ask for (OpenID Connect Core §5.3). */
@Controller('userinfo')
@UseGuards(FormTokenGuard, BearerGuard)
@UserRoute('openid')
export class UserinfoEndpoint {
  constructor(private readonly users: Users) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  read(@Token() token: VerifiedAccessToken): Promise<object> {
    return this.claims(token);
  }

  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  readByPost(@Token() token: VerifiedAccessToken): Promise<object> {
    return this.claims(token);
  }

  private async claims({ claims, scopes }: VerifiedAccessToken): Promise<object> {
    const user = await this.users.find(claims.sub);
    if (!user) throw new ProblemError(404, 'Not Found', { detail: 'The user no longer exists.' });
    return claimsOfScopes(user, scopes);
  }
}
