import { Inject, Injectable } from '@nestjs/common';
import { RevocationList } from '@trefoil/guards';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import type { StateStore } from '@trefoil/state-store';
import { STATE_STORE } from '../../database/state-store.module.js';
import { Clients } from '../clients/clients.js';
import type { Grant } from '../grants/grant.entity.js';
import { Grants } from '../grants/grants.js';
import { Sessions } from '../sessions/sessions.js';
import { Users } from '../users/users.js';

/** A revocation is remembered a little longer than its token lives: not every clock shows the same time. */
const REMEMBERED_AFTER_EXPIRY_SECONDS = 60;

const keyOf = (jti: string): string => `revoked-token:${jti}`;

/** Whether a token that has not expired is still good: itself, its grant, and whoever the grant rests on. */
@Injectable()
export class TokenStatus extends RevocationList {
  constructor(
    private readonly clients: Clients,
    private readonly grants: Grants,
    private readonly sessions: Sessions,
    private readonly users: Users,
    @Inject(STATE_STORE) private readonly state: StateStore,
  ) {
    super();
  }

  /** Whether an access token ended before its time. */
  override async isRevoked({ jti, client_id, grant_id }: AccessTokenClaims): Promise<boolean> {
    const [revoked, client, grant] = await Promise.all([
      this.state.get(keyOf(jti)),
      this.clients.find(client_id),
      grant_id === undefined ? undefined : this.grants.find(grant_id),
    ]);
    if (revoked || !client || grant === null) return true;
    return grant !== undefined && !(await this.isGrantLive(grant));
  }

  /** Whether the tokens of a grant are good: it has not ended, nor has its user, its client or what it is bound to. */
  async isGrantLive(grant: Grant): Promise<boolean> {
    if (!grant.isLive) return false;
    const [user, client, session] = await Promise.all([
      this.users.find(grant.userId),
      this.clients.find(grant.clientId),
      // With `offline_access` a grant outlives the sign-in session (OpenID Connect Core §11).
      grant.scopes.includes('offline_access') || this.sessions.find(grant.sessionId),
    ]);
    return Boolean(user && client && session);
  }

  /** Revokes one access token for the rest of its life; false when it was revoked before. */
  revoke({ jti, exp }: AccessTokenClaims): Promise<boolean> {
    const secondsLeft = Math.max(0, exp - Math.floor(Date.now() / 1000));
    return this.state.setIfAbsent(keyOf(jti), true, secondsLeft + REMEMBERED_AFTER_EXPIRY_SECONDS);
  }
}
