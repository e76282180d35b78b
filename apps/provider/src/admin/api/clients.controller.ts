import { Body, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblem } from '@trefoil/guards';
import { ApiIfMatch, checkIfMatch, contentTagOf } from '@trefoil/resource-api';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { ClientAdministration, type ClientWithSecret } from '../../clients/administration/client-administration.js';
import { ClientInput, ClientPatch } from '../../clients/administration/client-input.js';
import { ClientJson, clientJson, ClientWithSecretJson } from '../../clients/administration/client-json.js';
import type { Client } from '../../clients/client.entity.js';
import type { RequestOrigin } from '../../http/request-origin.js';
import { Disablements } from '../../issued-tokens/disablements.js';
import { AdminApi, AdminOrigin, AdminRead, AdminWrite } from './admin-api.decorators.js';
import { type AdminPage, pageOf, readPage, SearchQuery } from './pages.js';

type ClientWithSecretJson = z.infer<typeof ClientWithSecretJson>;

const NO_CLIENT = 'There is no client with this id';

/** Serves `/api/admin/clients`: the registered clients, with the member names of RFC 7591. */
@AdminApi('clients')
export class ClientsController {
  constructor(
    private readonly clients: ClientAdministration,
    private readonly disablements: Disablements,
  ) {}

  @Get()
  @AdminRead()
  @ApiOperation({
    summary: 'List the clients by id, including disabled ones',
    description: '`search` is a text that the id or the name contains, in any case.',
  })
  @ApiOkResponse({ description: 'One page', standardSchema: pageOf(ClientJson) })
  list(@Query({ schema: SearchQuery }) query: SearchQuery): Promise<AdminPage<ClientJson>> {
    return readPage(
      query,
      (range) => this.clients.page({ ...range, search: query.search }),
      ({ clientId }) => clientId,
      clientJson,
    );
  }

  @Post()
  @AdminWrite()
  @ApiOperation({
    summary: 'Register a client',
    description:
      'Follows the rules of dynamic registration (RFC 7591), and may grant the scopes of every resource server. ' +
      'A client that authenticates with a secret gets a new one, or the given one.',
  })
  @ApiCreatedResponse({
    description: 'The client, with its secret, which is shown only now',
    standardSchema: ClientWithSecretJson,
  })
  @ApiProblem(409, 'The id is taken')
  async create(
    @Body({ schema: ClientInput }) input: ClientInput,
    @AdminOrigin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ClientWithSecretJson> {
    const created = await this.clients.create(input, origin);
    void reply.header('Location', `/api/admin/clients/${encodeURIComponent(created.client.clientId)}`);
    return represent(created, reply);
  }

  @Get(':client_id')
  @AdminRead()
  @ApiOperation({ summary: 'Read a client' })
  @ApiOkResponse({ description: 'The client. `ETag` names its version', standardSchema: ClientJson })
  @ApiProblem(404, NO_CLIENT)
  async read(
    @Param('client_id') clientId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ClientWithSecretJson> {
    return represent({ client: await this.clients.find(clientId) }, reply);
  }

  @Patch(':client_id')
  @AdminWrite()
  @ApiOperation({
    summary: 'Change a client',
    description:
      'Sets the members that are given, sets those that are `null` to their defaults, and keeps those that are absent ' +
      '(RFC 7396). A client that begins to authenticate with a secret gets one.',
  })
  @ApiIfMatch()
  @ApiOkResponse({
    description: 'The changed client, with its secret if it got one, which is shown only now',
    standardSchema: ClientWithSecretJson,
  })
  @ApiProblem(404, NO_CLIENT)
  @ApiProblem(409, 'The client was changed at the same time, or its registration is a document of its own')
  async change(
    @Param('client_id') clientId: string,
    @Body({ schema: ClientPatch }) patch: ClientPatch,
    @Headers('If-Match') ifMatch: string | undefined,
    @AdminOrigin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ClientWithSecretJson> {
    return represent(await this.clients.update(clientId, patch, origin, matching(ifMatch)), reply);
  }

  @Delete(':client_id')
  @AdminWrite()
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a client with its secrets, consents, grants and tokens' })
  @ApiIfMatch()
  @ApiNoContentResponse({ description: 'The client is deleted' })
  @ApiProblem(404, NO_CLIENT)
  remove(
    @Param('client_id') clientId: string,
    @Headers('If-Match') ifMatch: string | undefined,
    @AdminOrigin() origin: RequestOrigin,
  ): Promise<void> {
    return this.clients.remove(clientId, origin, matching(ifMatch));
  }

  @Post(':client_id/disable')
  @AdminWrite()
  @HttpCode(200)
  @ApiOperation({ summary: 'Disable a client and revoke all its grants and tokens' })
  @ApiOkResponse({ description: 'The disabled client', standardSchema: ClientJson })
  @ApiProblem(404, NO_CLIENT)
  async disable(
    @Param('client_id') clientId: string,
    @AdminOrigin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ClientWithSecretJson> {
    await this.disablements.disableClient((await this.clients.find(clientId)).clientId, origin);
    return this.read(clientId, reply);
  }

  @Post(':client_id/enable')
  @AdminWrite()
  @HttpCode(200)
  @ApiOperation({ summary: 'Enable a disabled client; revoked grants and tokens stay revoked' })
  @ApiOkResponse({ description: 'The enabled client', standardSchema: ClientJson })
  @ApiProblem(404, NO_CLIENT)
  async enable(
    @Param('client_id') clientId: string,
    @AdminOrigin() origin: RequestOrigin,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ClientWithSecretJson> {
    await this.disablements.enableClient((await this.clients.find(clientId)).clientId, origin);
    return this.read(clientId, reply);
  }
}

function represent({ client, secret }: ClientWithSecret, reply: FastifyReply): ClientWithSecretJson {
  const json = clientJson(client);
  void reply.header('ETag', contentTagOf(json));
  return { ...json, ...(secret !== undefined && { client_secret: secret }) };
}

const matching = (ifMatch: string | undefined) => (present: Client) =>
  checkIfMatch(ifMatch, contentTagOf(clientJson(present)), 'client');
