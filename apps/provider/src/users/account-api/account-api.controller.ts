import { Body, Controller, Get, Header, Headers, Patch, Req, Res, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Account, AccountPatch } from '@trefoil/dto';
import { BearerGuard, Token, UserRoute, type VerifiedAccessToken } from '@trefoil/guards';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { ApiIfMatch, checkIfMatch, contentTagOf } from '@trefoil/resource-api';
import { ProblemError } from '@trefoil/server-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Clients } from '../../clients/clients.js';
import { Grants } from '../../grants/grants.js';
import { JsonBodyGuard } from '../../http/json-body.guard.js';
import { originOf } from '../../http/request-origin.js';
import { claimsOf } from '../standard-claims.js';
import { Subjects } from '../subjects.js';
import type { User } from '../user.entity.js';
import { Users } from '../users.js';
import { changeClaims } from '../change-claims.js';

/** Serves `/api/account`: the account of the user of the access token. */
@ApiTags('Account')
@Controller('api/account')
@UseGuards(BearerGuard)
export class AccountApiController {
  constructor(
    private readonly users: Users,
    private readonly clients: Clients,
    private readonly grants: Grants,
    private readonly subjects: Subjects,
  ) {}

  @Get()
  @UserRoute('account:read')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Read your account' })
  @ApiOkResponse({ description: 'The account. `ETag` names its version', standardSchema: Account })
  async read(
    @Token() { claims }: VerifiedAccessToken,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Account> {
    return this.represent(await this.users.find(claims.sub), claims, reply);
  }

  @Patch()
  @UseGuards(JsonBodyGuard)
  @UserRoute('account:write')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'Change your account',
    description:
      'Sets the members that are given, removes those that are `null`, and keeps those that are absent (RFC 7396).',
  })
  @ApiIfMatch()
  @ApiOkResponse({ description: 'The changed account', standardSchema: Account })
  async change(
    @Req() request: FastifyRequest,
    @Token() { claims }: VerifiedAccessToken,
    @Body({ schema: AccountPatch }) patch: AccountPatch,
    @Headers('If-Match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Account> {
    const { client_id: clientId, grant_id: grantId, sid } = claims;
    const grant = grantId === undefined || sid === undefined ? null : await this.grants.find(grantId);
    const change = (user: User) => {
      checkIfMatch(ifMatch, contentTagOf(claimsOf(user)), 'account');
      return changeClaims(user.claims, patch);
    };
    const context = { clientId, grantId, sessionId: grant?.sessionId, ...originOf(request) };
    const changed = await this.users.changeClaims(claims.sub, change, context);
    return this.represent(changed, claims, reply);
  }

  /** Returns the account with the `sub` that the client of the token knows, and sets its `ETag`. */
  private async represent(
    user: User | null,
    { client_id }: Pick<AccessTokenClaims, 'client_id'>,
    reply: FastifyReply,
  ): Promise<Account> {
    const client = user && (await this.clients.find(client_id));
    if (!client) throw new ProblemError(404, 'Not Found', { detail: 'The account no longer exists.' });
    const account = claimsOf(user);
    void reply.header('ETag', contentTagOf(account));
    return { ...account, sub: this.subjects.of(client, user.id) };
  }
}
