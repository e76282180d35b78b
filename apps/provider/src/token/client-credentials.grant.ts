import { Inject, Injectable } from '@nestjs/common';
import {
  formatScope,
  GRANT_TYPE,
  invalidScope,
  invalidTarget,
  type Parameters,
  parseScope,
  unauthorizedClient,
} from '@trefoil/oauth-protocol';
import { AccessTokenIssuer } from '@trefoil/token-issuance';
import { CONFIG, type ProviderConfig } from '../config.js';
import type { Client } from '../clients/client.entity.js';
import type { ResourceServer } from '../resource-servers/resource-server.entity.js';
import { ResourceServers } from '../resource-servers/resource-servers.js';
import { clientClaims } from './issuance/client-claims.js';
import type { GrantType, TokenRequest, TokenResponse } from './issuance/grant-type.js';
import { selectAudience } from './issuance/select-audience.js';
import { selectScopes } from './issuance/select-scopes.js';

/**
 * `client_credentials`: issues an access token to a client that acts for itself (RFC 6749 §4.4). It neither reads nor
 * writes a table while the caches are fresh.
 */
@Injectable()
export class ClientCredentialsGrant implements GrantType {
  readonly name = GRANT_TYPE.clientCredentials;

  constructor(
    private readonly resourceServers: ResourceServers,
    private readonly accessTokens: AccessTokenIssuer,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  async handle({ client, parameters, confirmation }: TokenRequest): Promise<TokenResponse> {
    if (client.tokenEndpointAuthMethod === 'none') {
      throw unauthorizedClient('a public client must not use client_credentials');
    }
    const server = await this.selectServer(client, parameters);
    const scopes = selectScopes(parameters, machineScopes(server, client));
    if (scopes.length === 0) throw invalidScope('the client has no scope at this resource server');
    const { token, claims, type } = await this.accessTokens.issue(this.config.ISSUER, {
      aud: server.identifier,
      sub: client.clientId,
      ...clientClaims(client),
      cnf: confirmation,
      scopes,
      lifetime: server.accessTokenLifetime,
    });
    return {
      access_token: token,
      token_type: type,
      expires_in: claims.exp - claims.iat,
      scope: formatScope(scopes),
    };
  }

  /** Returns the resource server that `resource` names, or the one to which the requested scopes belong. */
  private async selectServer(client: Client, parameters: Parameters): Promise<ResourceServer> {
    const requested = parseScope(parameters.get('scope'));
    const open = (await this.resourceServers.all()).filter((server) => machineScopes(server, client).length > 0);
    const named = parameters.has('resource')
      ? [
          selectAudience(
            parameters,
            open.map(({ identifier }) => identifier),
          ),
        ]
      : undefined;
    const fitting = open.filter(
      ({ identifier, scopes }) =>
        named?.includes(identifier) ??
        (requested.length === 0 || requested.some((scope) => scopes.some(({ name }) => name === scope))),
    );
    const [server, ...more] = fitting;
    if (more.length > 0)
      throw invalidTarget('the scopes belong to several resource servers: name one of them by resource');
    if (!server) throw invalidScope('the client is not registered for these scopes');
    return server;
  }
}

/** Returns the scopes of a resource server that the client may use for itself. */
const machineScopes = ({ scopes }: ResourceServer, client: Client): string[] =>
  scopes
    .filter(({ name, grantedTo }) => grantedTo.includes('machines') && client.scopes.includes(name))
    .map(({ name }) => name);
