import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Put, Req } from '@nestjs/common';
import { invalidClientMetadata } from '@trefoil/oauth-protocol';
import type { FastifyRequest } from 'fastify';
import { originOf } from '../../http/request-origin.js';
import { SecurityEvents } from '../../security-events/security-events.js';
import { ClientRegistrations } from '../client-registrations.js';
import type { Client } from '../client.entity.js';
import { invalidToken, readBearerToken } from './bearer-token.js';
import { checkUpdatedIdentity } from './check-updated-identity.js';
import type { ClientInformation } from './client-information.js';
import { ClientRegistration } from './client-registration.js';
import { InitialAccessTokens } from './initial-access-tokens.js';

const NOT_YOURS = 'the token manages no client of this id';

/**
 * `POST /register`: a client registers itself, with a token of somebody who may have clients (RFC 7591 §3, OpenID Connect
 * Registration §3). `GET|PUT|DELETE /register/:client_id`: it manages that registration, with the token it was given
 * (RFC 7592 §2). A wrong token and a client that does not exist look the same.
 */
@Controller('register')
export class RegistrationController {
  constructor(
    private readonly initialAccessTokens: InitialAccessTokens,
    private readonly registrations: ClientRegistrations,
    private readonly registration: ClientRegistration,
    private readonly events: SecurityEvents,
  ) {}

  @Post()
  @HttpCode(201)
  @Header('Cache-Control', 'no-store')
  async register(@Req() request: FastifyRequest, @Body() body: unknown): Promise<ClientInformation> {
    const token = await this.initialAccessTokens.findPresented(readBearerToken(request));
    if (!token) {
      await this.recordRefusal(request, { token: 'initial access token' });
      throw invalidToken('the initial access token is unknown or has expired');
    }
    checkJson(request);
    return this.registration.register(body, token, originOf(request));
  }

  @Get(':clientId')
  @Header('Cache-Control', 'no-store')
  async read(@Req() request: FastifyRequest, @Param('clientId') clientId: string): Promise<ClientInformation> {
    const { client, token } = await this.authorize(request, clientId);
    return this.registration.describe(client, token);
  }

  @Put(':clientId')
  @Header('Cache-Control', 'no-store')
  async update(
    @Req() request: FastifyRequest,
    @Param('clientId') clientId: string,
    @Body() body: unknown,
  ): Promise<ClientInformation> {
    const { client, token } = await this.authorize(request, clientId);
    checkJson(request);
    checkUpdatedIdentity(body, client);
    const updated = await this.registration.update(body, client, token, originOf(request));
    if (!updated) throw invalidToken(NOT_YOURS);
    return updated;
  }

  @Delete(':clientId')
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  async remove(@Req() request: FastifyRequest, @Param('clientId') clientId: string): Promise<void> {
    const { client } = await this.authorize(request, clientId);
    await this.registrations.remove(client.clientId, originOf(request));
  }

  private async authorize(request: FastifyRequest, clientId: string): Promise<{ client: Client; token: string }> {
    const token = readBearerToken(request);
    const client = await this.registrations.find(clientId, token);
    if (!client) {
      await this.recordRefusal(request, { token: 'registration access token', clientId });
      throw invalidToken(NOT_YOURS);
    }
    return { client, token };
  }

  /** The client id of the address is nobody's word for anything, so that it stands among the details. */
  private recordRefusal(request: FastifyRequest, details: Record<string, string>): Promise<void> {
    return this.events.record({ type: 'registration-refused', outcome: 'failure', details, ...originOf(request) });
  }
}

function checkJson({ headers }: FastifyRequest): void {
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    throw invalidClientMetadata('the metadata must be application/json');
  }
}
