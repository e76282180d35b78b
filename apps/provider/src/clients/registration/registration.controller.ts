import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Put, Req } from '@nestjs/common';
import { invalidClientMetadata } from '@trefoil/oauth-protocol';
import { networkOf } from '@trefoil/server-kit';
import type { FastifyRequest } from 'fastify';
import { ProviderAdmission } from '../../database/provider-admission.js';
import { originOf } from '../../http/request-origin.js';
import { SecurityEvents } from '../../security-events/security-events.js';
import { ClientRegistrations } from '../client-registrations.js';
import type { Client } from '../client.entity.js';
import { invalidToken, readBearerToken } from './bearer-token.js';
import { checkUpdatedIdentity } from './check-updated-identity.js';
import type { ClientInformation } from './client-information.js';
import { DynamicRegistration } from './dynamic-registration.js';
import { InitialAccessTokens } from './initial-access-tokens.js';

const WRONG_TOKEN = 'the token is not the registration access token of this client';

/**
 * Serves `POST /register`, where a client registers itself with an initial access token (RFC 7591 §3, OpenID Connect
 * Registration §3), and `GET`, `PUT` and `DELETE /register/:client_id`, where it manages its registration with its registration
 * access token (RFC 7592 §2). Answers the same for a wrong token and for an unknown client.
 */
@Controller('register')
export class RegistrationController {
  constructor(
    private readonly initialAccessTokens: InitialAccessTokens,
    private readonly registrations: ClientRegistrations,
    private readonly registration: DynamicRegistration,
    private readonly events: SecurityEvents,
    private readonly admission: ProviderAdmission,
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
    if (!updated) throw invalidToken(WRONG_TOKEN);
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
      throw invalidToken(WRONG_TOKEN);
    }
    return { client, token };
  }

  /**
   * Records a refusal. The client id in the URL is unverified, so that it is recorded as a detail.
   *
   * @throws TooManyRequestsError when the network has sent too many wrong tokens.
   */
  private async recordRefusal(request: FastifyRequest, details: Record<string, string>): Promise<void> {
    await this.admission.admit('client-authentication', networkOf(request.ip));
    await this.events.record({ type: 'registration-refused', outcome: 'failure', details, ...originOf(request) });
  }
}

function checkJson({ headers }: FastifyRequest): void {
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    throw invalidClientMetadata('the metadata must be application/json');
  }
}
