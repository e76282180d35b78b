import { Inject, Injectable } from '@nestjs/common';
import { randomSecret, sha256 } from '@trefoil/oauth-protocol';
import { randomUUID } from 'node:crypto';
import { DataSource, type EntityManager, IsNull, MoreThan } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../config.js';
import { Grants } from '../grants/grants.js';
import { LogoutDeliveries } from './logout-deliveries.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { classOf } from './authentication-context.js';
import { Session } from './session.entity.js';

/** What a sign-in proves of a person, and the secret that remembers it. */
type Proof = Pick<Session, 'secretHash' | 'authenticatedAt' | 'amr' | 'acr' | 'expiresAt'>;

/** The sign-in sessions of people at the provider. */
@Injectable()
export class Sessions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly grants: Grants,
    private readonly logoutDeliveries: LogoutDeliveries,
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

  /** The live sessions of a user, the last sign-in first. */
  ofUser(userId: string): Promise<Session[]> {
    return this.dataSource.manager.find(Session, {
      where: { userId, ...LIVE() },
      order: { authenticatedAt: 'DESC', id: 'ASC' },
    });
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
    origin: RequestOrigin,
  ): Promise<{ session: Session; secret: string }> {
    if (previous && previous.userId !== userId) await this.end(previous, origin);
    const secret = randomSecret();
    const proven = {
      secretHash: sha256(secret),
      authenticatedAt: new Date(),
      amr: [...amr],
      acr: classOf(amr),
      expiresAt: new Date(Date.now() + this.config.SESSION_LIFETIME * 1000),
    };
    const session = (await this.renew(previous, userId, proven)) ?? (await this.begin(userId, proven));
    return { session, secret };
  }

  /** Goes on with a session of the same person, unless it has ended meanwhile. */
  private async renew(previous: Session | null, userId: string, proven: Proof): Promise<Session | undefined> {
    if (previous?.userId !== userId) return undefined;
    const renewed = await this.dataSource.manager.update(Session, { id: previous.id, endedAt: IsNull() }, proven);
    return renewed.affected === 1 ? Object.assign(previous, proven) : undefined;
  }

  private async begin(userId: string, proven: Proof): Promise<Session> {
    const session = this.dataSource.manager.create(Session, { id: randomUUID(), userId, endedAt: null, ...proven });
    await this.dataSource.manager.insert(Session, session);
    return session;
  }

  /**
   * Ends a session with every grant that lives only as long as it; its clients learn of it.
   *
   * @param origin with the client that asked for it, if one did.
   */
  async end(
    session: Session,
    origin: RequestOrigin & { readonly clientId?: string },
    type: 'sign-out' | 'session-revoked' = 'sign-out',
  ): Promise<void> {
    const { id, userId } = session;
    await this.dataSource.transaction(async (transaction) => {
      const ended = await transaction.update(Session, { id, endedAt: IsNull() }, { endedAt: new Date() });
      if (ended.affected === 0) return;
      await this.grants.revokeOfSession(id, transaction);
      await this.logoutDeliveries.schedule(session, transaction);
      await this.events.record({ type, outcome: 'success', userId, sessionId: id, ...origin }, transaction);
    });
    this.announceEnds();
  }

  /** Ends every session of a user in the caller's transaction, which then calls {@link announceEnds}. */
  async endOfUser(userId: string, transaction: EntityManager): Promise<void> {
    const live = await transaction.find(Session, {
      where: { userId, endedAt: IsNull() },
      lock: { mode: 'pessimistic_write' },
    });
    await transaction.update(Session, { userId, endedAt: IsNull() }, { endedAt: new Date() });
    for (const session of live) await this.logoutDeliveries.schedule(session, transaction);
  }

  /** Has the clients told at once of the sessions whose end has been committed. */
  announceEnds(): void {
    this.logoutDeliveries.announce();
  }
}

const LIVE = () => ({ endedAt: IsNull(), expiresAt: MoreThan(new Date()) });
