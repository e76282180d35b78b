import { Body, Controller, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { invalidClient } from '@trefoil/oauth-protocol';
import { ResponseSigner } from '@trefoil/token-issuance';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClientAuthentication } from '../../clients/authentication/client-authentication.js';
import { CONFIG, type ProviderConfig } from '../../config.js';
import type { Client } from '../../clients/client.entity.js';
import { responseAlgorithm } from '../../clients/response-algorithm.js';
import { UsageCounter } from '../../security-events/usage/usage-counter.js';
import { readFormParameters } from '../../http/read-form-parameters.js';
import { type IntrospectionResponse, TokenIntrospection } from './token-introspection.js';

const JWT_TYPE = 'application/token-introspection+jwt';

/** Serves `POST /introspect` (RFC 7662) and signs the response on request (RFC 9701). It does not change the token. */
@Controller()
export class IntrospectionController {
  constructor(
    private readonly clientAuthentication: ClientAuthentication,
    private readonly introspection: TokenIntrospection,
    private readonly signer: ResponseSigner,
    private readonly usage: UsageCounter,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  @Post('introspect')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async introspect(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): Promise<IntrospectionResponse | string> {
    const parameters = readFormParameters(request, body);
    parameters.refuseRepeated();
    const client = await this.clientAuthentication.authenticate(request, parameters);
    // Public clients do not authenticate, so anybody could test stolen tokens with their id (RFC 7662 §2.1, §4).
    if (client.tokenEndpointAuthMethod === 'none') throw invalidClient('a public client cannot introspect tokens');
    this.usage.count('introspection', client.clientId);
    const response = await this.introspection.introspect(parameters.require('token'), client);
    if (!wantsJwt(request)) return response;
    void reply.type(JWT_TYPE);
    return this.sign(response, client);
  }

  /** Returns the response as a JWT that proves its content and its recipient (RFC 9701 §5). */
  private sign(response: IntrospectionResponse, client: Client): Promise<string> {
    return this.signer.sign(responseAlgorithm(client, client.introspectionSignedResponseAlg), {
      iss: this.config.ISSUER,
      aud: client.clientId,
      typ: 'token-introspection+jwt',
      claims: { token_introspection: response },
    });
  }
}

/** Returns whether a request accepts the media type of a signed response (RFC 9701 §4). */
const wantsJwt = ({ headers: { accept = '' } }: FastifyRequest): boolean =>
  accept.split(',').some((type) => type.split(';', 1)[0]?.trim().toLowerCase() === JWT_TYPE);
