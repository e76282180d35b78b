import { Body, Controller, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { type Parameters, unauthorizedClient, unsupportedGrantType } from '@trefoil/oauth-protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClientAuthentication } from '../clients/authentication/client-authentication.js';
import type { GrantType, TokenResponse } from './issuance/grant-type.js';
import { GRANT_TYPES } from './grant-types.js';
import type { Client } from '../clients/client.entity.js';
import { originOf } from '../http/request-origin.js';
import { readFormParameters } from '../http/read-form-parameters.js';
import { TokenConfirmations } from './token-confirmations.js';
import { TokenRequestRecorder } from './token-request-recorder.js';

/** The descriptions for grant types that this provider leaves out on purpose. */
const NEVER_OFFERED: Record<string, string> = {
  password: 'the password grant is not supported: use authorization_code with PKCE (OAuth 2.1 section 10)',
  implicit: 'the implicit grant is not supported: use authorization_code with PKCE (OAuth 2.1 section 10)',
};

/** `POST /token`: authenticates the client and passes the request to the handler of its grant type (RFC 6749 §3.2). */
@Controller()
export class TokenController {
  constructor(
    private readonly clientAuthentication: ClientAuthentication,
    private readonly confirmations: TokenConfirmations,
    private readonly recorder: TokenRequestRecorder,
    @Inject(GRANT_TYPES) private readonly grantTypes: readonly GrantType[],
  ) {}

  @Post('token')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async token(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): Promise<TokenResponse> {
    const parameters = readFormParameters(request, body);
    parameters.refuseRepeated('resource', 'audience');
    const client = await this.clientAuthentication.authenticate(request, parameters);
    const origin = originOf(request);
    const name = parameters.get('grant_type');
    const grantType = this.grantTypes.find((offered) => offered.name === name);
    try {
      const chosen = checkGrantType(grantType, parameters, client);
      const confirmation = await this.confirmations.read(request, reply, client);
      const tokenRequest = { client, parameters, origin, confirmation };
      const response = await chosen.handle(tokenRequest);
      this.recorder.recordIssued(tokenRequest, chosen.name, response);
      return response;
    } catch (error) {
      await this.recorder.recordRefused({ client, origin }, grantType?.name, error);
      throw error;
    }
  }
}

/** Returns the grant type if it is supported and the client is registered for it; throws an OAuthError otherwise. */
function checkGrantType(grantType: GrantType | undefined, parameters: Parameters, client: Client): GrantType {
  const name = parameters.require('grant_type');
  if (!grantType) throw unsupportedGrantType(NEVER_OFFERED[name] ?? 'grant_type is not supported by this server');
  if (client.grantTypes.includes(name)) return grantType;
  throw unauthorizedClient('the client is not registered for this grant_type');
}
