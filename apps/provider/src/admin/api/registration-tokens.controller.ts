import { Body, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblem } from '@trefoil/guards';
import { contentTagOf } from '@trefoil/resource-api';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import {
  NewRegistrationToken,
  RegistrationTokenJson,
  registrationTokenJson,
} from '../../clients/registration/registration-token-json.js';
import { RegistrationTokens } from '../../clients/registration/registration-tokens.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { AdminApi, AdminOrigin, AdminRead, AdminWrite } from './admin-api.decorators.js';
import { type AdminPage, ListQuery, pageOf, readPage } from './pages.js';

/** A new token, with its value. */
const CreatedToken = RegistrationTokenJson.extend({ token: z.string() });

/** Serves `/api/admin/registration-tokens`: the tokens with which clients register themselves (RFC 7591 §1.2). */
@AdminApi('registration-tokens')
export class RegistrationTokensController {
  constructor(private readonly tokens: RegistrationTokens) {}

  @Get()
  @AdminRead()
  @ApiOperation({ summary: 'List the registration tokens by id, also expired and revoked ones' })
  @ApiOkResponse({ description: 'One page', standardSchema: pageOf(RegistrationTokenJson) })
  list(@Query({ schema: ListQuery }) query: ListQuery): Promise<AdminPage<RegistrationTokenJson>> {
    return readPage(
      query,
      (range) => this.tokens.page(range),
      ({ id }) => id,
      registrationTokenJson,
    );
  }

  @Post()
  @AdminWrite()
  @ApiOperation({ summary: 'Create a registration token', description: 'The response shows the token once.' })
  @ApiCreatedResponse({ description: 'The token', standardSchema: CreatedToken })
  @ApiProblem(409, 'There is such a token already; `errors` names the field')
  async create(
    @Body({ schema: NewRegistrationToken }) input: NewRegistrationToken,
    @AdminOrigin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof CreatedToken>> {
    const { row, token } = await this.tokens.create(input, origin);
    void reply.header('Location', `/api/admin/registration-tokens/${row.id}`);
    return { ...registrationTokenJson(row), token };
  }

  @Get(':id')
  @AdminRead()
  @ApiOperation({ summary: 'Read a registration token, without its value' })
  @ApiOkResponse({ description: 'The token', standardSchema: RegistrationTokenJson })
  @ApiProblem(404, 'There is no registration token with this id')
  async read(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<RegistrationTokenJson> {
    const json = registrationTokenJson(await this.tokens.find(id));
    void reply.header('ETag', contentTagOf(json));
    return json;
  }

  @Delete(':id')
  @AdminWrite()
  @HttpCode(204)
  @ApiOperation({
    summary: 'Revoke a registration token',
    description: 'Clients that were registered with it stay registered.',
  })
  @ApiNoContentResponse({ description: 'The token is revoked' })
  @ApiProblem(404, 'There is no registration token with this id')
  async revoke(@Param('id') id: string, @AdminOrigin() origin: RequestOrigin): Promise<void> {
    await this.tokens.revoke(id, origin);
  }
}
