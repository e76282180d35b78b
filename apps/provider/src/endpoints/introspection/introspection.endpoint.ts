import { Body, Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { invalidClient } from '@trefoil/oauth-protocol';
import type { FastifyRequest } from 'fastify';
import { ClientAuthentication } from '../../client-authentication/client-authentication.js';
import { readFormParameters } from '../read-form-parameters.js';
import { type IntrospectionResponse, TokenIntrospection } from './token-introspection.js';

/** `POST /introspect`: what a token says, for whom it concerns (RFC 7662). Nothing is written. */
@Controller()
export class IntrospectionEndpoint {
  constructor(
    private readonly clientAuthentication: ClientAuthentication,
    private readonly introspection: TokenIntrospection,
  ) {}

  @Post('introspect')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async introspect(@Req() request: FastifyRequest, @Body() body: unknown): Promise<IntrospectionResponse> {
    const parameters = readFormParameters(request, body);
    parameters.refuseRepeated();
    const client = await this.clientAuthentication.authenticate(request, parameters);
    // Whoever finds a token must be unable to try it out here (RFC 7662 §2.1, §4).
    if (client.tokenEndpointAuthMethod === 'none') throw invalidClient('a public client cannot introspect tokens');
    return this.introspection.of(parameters.require('token'), client);
  }
}
