import { Body, Controller, Header, HttpCode, Post, Req } from '@nestjs/common';
import { invalidGrant } from '@trefoil/oauth-protocol';
import { networkOf } from '@trefoil/server-kit';
import type { FastifyRequest } from 'fastify';
import { ClientAuthentication } from '../../clients/authentication/client-authentication.js';
import type { Client } from '../../clients/client.entity.js';
import { ProviderAdmission } from '../../database/provider-admission.js';
import { RefreshTokenReader } from '../../grants/refresh-token-reader.js';
import { readFormParameters } from '../../http/read-form-parameters.js';
import { originOf, type RequestOrigin } from '../../http/request-origin.js';
import { IssuedAccessTokens } from '../issued-access-tokens.js';
import { Revocations } from '../revocations.js';

/**
 * Serves `POST /revoke`: a client revokes a token that was issued to it (RFC 7009).
 *
 * The response to an unknown or invalid token is 200, as for a revoked one (RFC 7009 §2.2). A token of another client
 * is refused and stays valid (§2.1).
 */
@Controller()
export class RevocationController {
  constructor(
    private readonly clientAuthentication: ClientAuthentication,
    private readonly accessTokens: IssuedAccessTokens,
    private readonly refreshTokens: RefreshTokenReader,
    private readonly revocations: Revocations,
    private readonly admission: ProviderAdmission,
  ) {}

  @Post('revoke')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async revoke(@Req() request: FastifyRequest, @Body() body: unknown): Promise<void> {
    const parameters = readFormParameters(request, body);
    parameters.refuseRepeated();
    const client = await this.clientAuthentication.authenticate(request, parameters);
    await this.revokeToken(parameters.require('token'), client, originOf(request));
  }

  /**
   * Revokes an access token, or the grant of a refresh token of any generation (RFC 7009 §2.1). The format of a token
   * shows its type, so `token_type_hint` is not needed.
   *
   * @throws OAuthError `invalid_grant` for a token of another client.
   * @throws TooManyRequestsError when the client revokes too many tokens.
   */
  private async revokeToken(token: string, client: Client, origin: RequestOrigin): Promise<void> {
    const { clientId } = client;
    const grant = (await this.refreshTokens.read(token))?.grant;
    const claims = grant ? undefined : await this.accessTokens.find(token);
    const owner = grant?.clientId ?? claims?.client_id;
    if (owner !== undefined && owner !== clientId) throw invalidGrant('the token was issued to another client');
    if (owner !== undefined) await this.admission.admit('token-revocation', senderOf(client, origin));
    if (grant) await this.revocations.revokeGrant(grant, origin);
    if (claims) await this.revocations.revokeToken(claims, origin);
  }
}

/** Returns the counter of a request. Anybody can use a public client, so that its users are counted by network. */
const senderOf = ({ clientId, tokenEndpointAuthMethod }: Client, { address }: RequestOrigin): string =>
  tokenEndpointAuthMethod === 'none' ? `${clientId} ${networkOf(address ?? '')}` : clientId;
