import { Injectable } from '@nestjs/common';
import { RevocationList } from '@trefoil/guards';
import { type AccessTokenClaims, lineageOf, type TokenOrigin } from '@trefoil/oauth-protocol';
import { Clients } from '../clients/clients.js';
import type { GrantState } from '../grants/grant-statements.js';
import { Grants } from '../grants/grants.js';
import { RevokedTokens } from './revoked-tokens.js';

/** Determines whether an unexpired token or grant is still valid, by itself and by its client, user and session. */
@Injectable()
export class TokenStatus extends RevocationList {
  constructor(
    private readonly clients: Clients,
    private readonly grants: Grants,
    private readonly revokedTokens: RevokedTokens,
  ) {
    super();
  }

  /**
   * Returns whether an access token was revoked: itself, a token it was exchanged for, its client's tokens or its
   * grant.
   */
  override async isRevoked(claims: AccessTokenClaims): Promise<boolean> {
    const lineage = lineageOf(claims);
    const [isRevoked, hasEndedClient, hasEndedGrant] = await Promise.all([
      this.revokedTokens.includesAny(lineage.map(({ jti }) => jti)),
      Promise.all(lineage.map((token) => this.isOfEndedClient(token))).then((ended) => ended.includes(true)),
      claims.grant_id !== undefined && this.grants.findState(claims.grant_id).then((state) => this.hasEnded(state)),
    ]);
    return isRevoked || hasEndedClient || hasEndedGrant;
  }

  /**
   * Returns whether the tokens of a grant are valid: the grant is live, its user and client are enabled, and its
   * session has not ended (unless the grant outlives the session).
   */
  async isGrantLive({ grant, isUserEnabled, isSessionLive }: GrantState): Promise<boolean> {
    if (!grant.isLive || !isUserEnabled || !(grant.outlivesSession || isSessionLive)) return false;
    return (await this.clients.find(grant.clientId)) !== null;
  }

  private async hasEnded(state: GrantState | undefined): Promise<boolean> {
    return !state || !(await this.isGrantLive(state));
  }

  private async isOfEndedClient({ client_id, client_generation = 0 }: TokenOrigin): Promise<boolean> {
    const client = await this.clients.find(client_id);
    return !client || client_generation < client.tokenGeneration;
  }
}
