import { Controller, Get, Header, HttpCode, Inject, Post, Query, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { contactScopes } from '@trefoil/dto';
import {
  checkRouteRule,
  GUARDS_OPTIONS,
  type GuardsOptions,
  MachineRoute,
  Token,
  UserRoute,
  type VerifiedAccessToken,
} from '@trefoil/guards';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';

const AccessCheckQuery = z.object({
  scope: z
    .enum(
      Object.values(contactScopes).map(({ name }) => name),
      'must be a scope of this API',
    )
    .describe('The scope that the token must have'),
});
type AccessCheckQuery = z.infer<typeof AccessCheckQuery>;

const description =
  'For an API gateway that protects another API with the tokens of this one. The answer has no body. Its headers ' +
  '`Token-Subject` and `Token-Client` name the user or the machine, and the client that the token was issued to.';

/** Says to API gateways whether a token of this API is valid and has a scope. */
@ApiTags('Gateways')
@Controller('v1/access-check')
export class AccessCheckController {
  constructor(@Inject(GUARDS_OPTIONS) private readonly guards: Pick<GuardsOptions, 'realm' | 'userClients'>) {}

  @Get()
  @UserRoute()
  @MachineRoute()
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Check a token for a request that reads', description })
  @ApiNoContentResponse({ description: 'The token is valid and has the scope' })
  reads(
    @Token() token: VerifiedAccessToken,
    @Query({ schema: AccessCheckQuery }) query: AccessCheckQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.check(token, query, reply);
  }

  // The guard is stricter with requests that write while the list of revoked tokens is stale, and knows them by the method.
  @Post()
  @UserRoute()
  @MachineRoute()
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Check a token for a request that writes', description })
  @ApiNoContentResponse({ description: 'The token is valid and has the scope' })
  writes(
    @Token() token: VerifiedAccessToken,
    @Query({ schema: AccessCheckQuery }) query: AccessCheckQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    return this.check(token, query, reply);
  }

  private async check(token: VerifiedAccessToken, { scope }: AccessCheckQuery, reply: FastifyReply): Promise<void> {
    await checkRouteRule({ kind: 'token', user: [scope], machine: [scope] }, token, this.guards);
    const { sub, client_id } = token.claims;
    void reply.headers({ 'Token-Subject': sub, 'Token-Client': client_id });
  }
}
