import { Inject, Injectable } from '@nestjs/common';
import { isGrantedByUsers } from '@trefoil/dto';
import {
  type AccessTokenClaims,
  type Actor,
  formatScope,
  GRANT_TYPE,
  invalidRequest,
  invalidScope,
  invalidTarget,
  lineageOf,
  type Parameters,
  TOKEN_TYPE,
  type TokenOrigin,
} from '@trefoil/oauth-protocol';
import { AccessTokenIssuer } from '@trefoil/token-issuance';
import { CONFIG, type ProviderConfig } from '../config.js';
import { IssuedAccessTokens } from '../issued-tokens/issued-access-tokens.js';
import type { Client } from '../clients/client.entity.js';
import { Clients } from '../clients/clients.js';
import type { Grant } from '../grants/grant.entity.js';
import { Grants } from '../grants/grants.js';
import { ResourceServers } from '../resource-servers/resource-servers.js';
import { SessionIds } from '../sessions/session-ids.js';
import { Subjects } from '../users/subjects.js';
import { clientClaims } from './issuance/client-claims.js';
import type { GrantType, TokenRequest, TokenResponse } from './issuance/grant-type.js';
import { mayAct } from './may-act.js';
import { selectAudience } from './issuance/select-audience.js';
import { selectScopes } from './issuance/select-scopes.js';

const ACCESS_TOKEN_TYPES: readonly string[] = [TOKEN_TYPE.accessToken, TOKEN_TYPE.jwt];
const LONGEST_ACTOR_CHAIN = 4;

/**
 * Token exchange (RFC 8693): exchanges the access token that a resource server received for one with which this server
 * calls the next server on behalf of the user. The new token names the exchanging server as the actor.
 *
 * The new token has no scope that the user did not allow the first client or for which one of the two clients is no longer
 * registered, and it expires no later than the old token.
 */
@Injectable()
export class TokenExchangeGrant implements GrantType {
  readonly name = GRANT_TYPE.tokenExchange;

  constructor(
    private readonly issued: IssuedAccessTokens,
    private readonly grants: Grants,
    private readonly clients: Clients,
    private readonly resourceServers: ResourceServers,
    private readonly accessTokens: AccessTokenIssuer,
    private readonly subjects: Subjects,
    private readonly sessionIds: SessionIds,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ISSUER'>,
  ) {}

  async handle({ client, parameters, confirmation }: TokenRequest): Promise<TokenResponse> {
    checkTokenTypes(parameters);
    const { subject, grant } = await this.readSubjectToken(client, parameters.require('subject_token'));
    const server = await this.resourceServers.find(selectAudience(parameters, client.tokenExchangeResources));
    if (!server) throw invalidTarget('the resource server is not registered');
    const { scopes: registered = [] } = (await this.clients.find(grant.clientId)) ?? {};
    const allowed = server.scopes
      .filter(isGrantedByUsers)
      .map(({ name }) => name)
      .filter((scope) => [grant.scopes, registered, client.scopes].every((scopes) => scopes.includes(scope)));
    const scopes = selectScopes(parameters, allowed);
    if (scopes.length === 0) throw invalidScope('the user allowed no scope of this resource server');
    const { token, claims, type } = await this.accessTokens.issue(this.config.ISSUER, {
      aud: server.identifier,
      ...this.subjects.accessTokenClaims(client, grant.userId),
      ...clientClaims(client),
      cnf: confirmation,
      sid: subject.sid === undefined ? undefined : this.sessionIds.of(client, grant.sessionId),
      grant_id: grant.id,
      auth_time: subject.auth_time,
      act: actorChain(client.clientId, subject.act),
      origins: lineageOf(subject).map(originOf),
      scopes,
      lifetime: Math.min(server.accessTokenLifetime, subject.exp - Math.floor(Date.now() / 1000)),
    });
    return {
      access_token: token,
      issued_token_type: TOKEN_TYPE.accessToken,
      token_type: type,
      expires_in: claims.exp - claims.iat,
      scope: formatScope(scopes),
    };
  }

  /**
   * Returns the claims of the subject token and its grant. Every refusal has the same description, so that the response
   * does not show what is wrong with the token (RFC 8693 §2.2.2).
   */
  private async readSubjectToken(client: Client, token: string): Promise<{ subject: AccessTokenClaims; grant: Grant }> {
    const subject = await this.issued.find(token);
    const receiver = subject && (await this.resourceServers.find(subject.aud));
    const grant = subject?.grant_id && (await this.grants.find(subject.grant_id));
    if (!subject || !grant || receiver?.clientId !== client.clientId || !mayAct(client.clientId, subject)) {
      throw invalidRequest(
        'subject_token must be a valid access token of a user, issued for the resource server of this client',
      );
    }
    return { subject, grant };
  }
}

function checkTokenTypes(parameters: Parameters): void {
  if (!ACCESS_TOKEN_TYPES.includes(parameters.require('subject_token_type'))) {
    throw invalidRequest('subject_token_type must be that of an access token');
  }
  const requested = parameters.get('requested_token_type');
  if (requested !== undefined && !ACCESS_TOKEN_TYPES.includes(requested)) {
    throw invalidRequest('requested_token_type must be that of an access token');
  }
  if (parameters.has('actor_token') || parameters.has('actor_token_type')) {
    throw invalidRequest('actor_token is not supported: the authenticated client is the actor');
  }
}

const originOf = ({ jti, client_id, client_generation }: TokenOrigin): TokenOrigin => ({
  jti,
  client_id,
  client_generation,
});

/** Returns the `act` claim of the new token, with the actors of the old one nested in it (RFC 8693 §4.1). */
function actorChain(clientId: string, before: Actor | undefined): Actor {
  let length = 1;
  for (let actor = before; actor; actor = actor.act) length += 1;
  if (length > LONGEST_ACTOR_CHAIN) throw invalidRequest('the token already has the most actors that are allowed');
  return before ? { sub: clientId, act: before } : { sub: clientId };
}
