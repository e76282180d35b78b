import { Inject, Injectable } from '@nestjs/common';
import { randomSecret, sha256 } from '@trefoil/oauth-protocol';
import { randomUUID } from 'node:crypto';
import { DataSource, IsNull, MoreThan } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { Grants } from '../grants/grants.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { Session } from './session.entity.js';

/** The sign-in sessions of people at the provider. */
@Injectable()
export class Sessions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly grants: Grants,
    private readonly events: SecurityEvents,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'SESSION_LIFETIME'>,
  ) {}

  /** The live session that a browser's cookie opens. */
  findBySecret(secret: string): Promise<Session | null> {
    return this.dataSource.manager.findOneBy(Session, { secretHash: sha256(secret), ...LIVE() });
  }

  /** The live session with an id, the `sid` of its tokens. */
  find(id: string): Promise<Session | null> {
    return this.dataSource.manager.findOneBy(Session, { id, ...LIVE() });
  }

  /**
   * Starts a session for a person who has just proved who they are.
   *
   * The cookie's secret is always new, so that one planted before the sign-in opens nothing. The same person signing in
   * again goes on with their session; another person's session in that browser ends.
   *
   * @returns the session and the secret for the cookie.
   */
  async start(
    userId: string,
    amr: readonly string[],
    previous: Session | null,
  ): Promise<{ session: Session; secret: string }> {
    if (previous && previous.userId !== userId) await this.end(previous);
    const secret = randomSecret();
    const now = Date.now();
    const session = this.dataSource.manager.create(Session, {
      id: previous?.userId === userId ? previous.id : randomUUID(),
      secretHash: sha256(secret),
      userId,
      authenticatedAt: new Date(now),
      amr: [...amr],
      acr: null,
      expiresAt: new Date(now + this.config.SESSION_LIFETIME * 1000),
      endedAt: null,
    });
    await this.dataSource.manager.save(session);
    return { session, secret };
  }

  /** Ends a session with every grant that lives only as long as it. */
  async end(session: Session): Promise<void> {
    await this.dataSource.transaction(async (transaction) => {
      const ended = await transaction.update(Session, { id: session.id, endedAt: IsNull() }, { endedAt: new Date() });
      if (ended.affected === 0) return;
      await this.grants.revokeOfSession(session.id, transaction);
      await this.events.record(
        { type: 'sign-out', outcome: 'success', userId: session.userId, sessionId: session.id },
        transaction,
      );
    });
  }
}

const LIVE = () => ({ endedAt: IsNull(), expiresAt: MoreThan(new Date()) });
