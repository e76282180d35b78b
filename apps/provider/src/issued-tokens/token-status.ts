import { Injectable } from '@nestjs/common';
import { RevocationList } from '@trefoil/guards';
import { type AccessTokenClaims, lineageOf, type TokenOrigin } from '@trefoil/oauth-protocol';
import { Clients } from '../clients/clients.js';
import type { Grant } from '../grants/grant.entity.js';
import { Grants } from '../grants/grants.js';
import { Sessions } from '../sessions/sessions.js';
import { Users } from '../users/users.js';
import { RevokedTokens } from './revoked-tokens.js';

/** Whether a token that has not expired is still good: itself, its grant, and whoever the grant rests on. */
@Injectable()
export class TokenStatus extends RevocationList {
  constructor(
    private readonly clients: Clients,
    private readonly grants: Grants,
    private readonly sessions: Sessions,
    private readonly users: Users,
    private readonly revokedTokens: RevokedTokens,
  ) {
    super();
  }

  /** Whether an access token ended before its time: by itself, by one it came from, or by its grant. */
  override async isRevoked(claims: AccessTokenClaims): Promise<boolean> {
    const lineage = lineageOf(claims);
    const [isRevoked, hasEndedClient, hasEndedGrant] = await Promise.all([
      this.revokedTokens.includesAny(lineage.map(({ jti }) => jti)),
      Promise.all(lineage.map((token) => this.isOfEndedClient(token))).then((ended) => ended.includes(true)),
      claims.grant_id !== undefined && this.grants.find(claims.grant_id).then((grant) => this.hasEnded(grant)),
    ]);
    return isRevoked || hasEndedClient || hasEndedGrant;
  }

  /** Whether the tokens of a grant are good: it has not ended, nor has its user, its client or what it is bound to. */
  async isGrantLive(grant: Grant): Promise<boolean> {
    if (!grant.isLive) return false;
    const [user, client, session] = await Promise.all([
      this.users.find(grant.userId),
      this.clients.find(grant.clientId),
      grant.outlivesSession || this.sessions.find(grant.sessionId),
    ]);
    return Boolean(user && client && session);
  }

  private async hasEnded(grant: Grant | null): Promise<boolean> {
    return !grant || !(await this.isGrantLive(grant));
  }

  private async isOfEndedClient({ client_id, client_generation = 0 }: TokenOrigin): Promise<boolean> {
    const client = await this.clients.find(client_id);
    return !client || client_generation < client.tokenGeneration;
  }
}
