import { Body, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblem } from '@trefoil/guards';
import { ApiIfMatch, checkIfMatch, contentTagOf } from '@trefoil/resource-api';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import type { RequestOrigin } from '../../http/request-origin.js';
import {
  identifierOfId,
  NewResourceServer,
  ResourceServerJson,
  resourceServerJson,
  ResourceServerPatch,
} from '../../resource-servers/resource-server-json.js';
import { ResourceServerRegistrations } from '../../resource-servers/resource-server-registrations.js';
import type { ResourceServer } from '../../resource-servers/resource-server.entity.js';
import { AdminApi, AdminOrigin, AdminRead, AdminWrite } from './admin-api.decorators.js';
import { type AdminPage, ListQuery, pageOf, readPage } from './pages.js';

/** Serves `/api/admin/resource-servers`: the servers that accept the access tokens of the provider. */
@AdminApi('resource-servers')
export class ResourceServersController {
  constructor(private readonly registrations: ResourceServerRegistrations) {}

  @Get()
  @AdminRead()
  @ApiOperation({ summary: 'List the resource servers by identifier' })
  @ApiOkResponse({ description: 'One page', standardSchema: pageOf(ResourceServerJson) })
  list(@Query({ schema: ListQuery }) query: ListQuery): Promise<AdminPage<ResourceServerJson>> {
    const read = this.registrations.page.bind(this.registrations);
    return readPage(query, read, ({ identifier }) => identifier, resourceServerJson);
  }

  @Post()
  @AdminWrite()
  @ApiOperation({ summary: 'Register a resource server' })
  @ApiCreatedResponse({ description: 'The registered server', standardSchema: ResourceServerJson })
  @ApiProblem(409, 'The identifier or a scope is taken; `errors` names the field')
  async create(
    @Body({ schema: NewResourceServer }) input: z.output<typeof NewResourceServer>,
    @AdminOrigin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ResourceServerJson> {
    const server = represent(await this.registrations.create(input, origin), reply);
    void reply.header('Location', `/api/admin/resource-servers/${server.id}`);
    return server;
  }

  @Get(':id')
  @AdminRead()
  @ApiOperation({ summary: 'Read a resource server' })
  @ApiOkResponse({ description: 'The server. `ETag` names its version', standardSchema: ResourceServerJson })
  @ApiProblem(404, 'There is no resource server with this id')
  async read(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<ResourceServerJson> {
    return represent(await this.registrations.find(identifierOfId(id)), reply);
  }

  @Patch(':id')
  @AdminWrite()
  @ApiOperation({
    summary: 'Change a resource server',
    description:
      'Sets the members that are given and keeps those that are absent (RFC 7396). A list is replaced as a whole.',
  })
  @ApiIfMatch()
  @ApiOkResponse({ description: 'The changed server', standardSchema: ResourceServerJson })
  @ApiProblem(404, 'There is no resource server with this id')
  @ApiProblem(409, 'A scope is taken, or the account API requires it; `errors` names the field')
  async change(
    @Param('id') id: string,
    @Body({ schema: ResourceServerPatch }) patch: z.output<typeof ResourceServerPatch>,
    @Headers('If-Match') ifMatch: string | undefined,
    @AdminOrigin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ResourceServerJson> {
    return represent(await this.registrations.update(identifierOfId(id), patch, origin, matching(ifMatch)), reply);
  }

  @Delete(':id')
  @AdminWrite()
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a resource server',
    description: 'No more tokens are issued for it. Those that exist are accepted until they expire.',
  })
  @ApiIfMatch()
  @ApiNoContentResponse({ description: 'The server is deleted' })
  @ApiProblem(404, 'There is no resource server with this id')
  @ApiProblem(409, 'It is the account API')
  remove(
    @Param('id') id: string,
    @Headers('If-Match') ifMatch: string | undefined,
    @AdminOrigin() origin: RequestOrigin,
  ): Promise<void> {
    return this.registrations.remove(identifierOfId(id), origin, matching(ifMatch));
  }
}

function represent(server: ResourceServer, reply: FastifyReply): ResourceServerJson {
  const json = resourceServerJson(server);
  void reply.header('ETag', contentTagOf(json));
  return json;
}

const matching = (ifMatch: string | undefined) => (present: ResourceServer) =>
  checkIfMatch(ifMatch, contentTagOf(resourceServerJson(present)), 'resource server');
