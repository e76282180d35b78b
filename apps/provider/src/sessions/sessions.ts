import { Inject, Injectable } from '@nestjs/common';
import { randomSecret, sha256 } from '@trefoil/oauth-protocol';
import { DataSource, type EntityManager, IsNull, MoreThan } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../config.js';
import { columnsOf, membersOf, PreparedStatement } from '../database/prepared-statement.js';
import { Grants } from '../grants/grants.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { User } from '../users/user.entity.js';
import { acrOf } from './authentication-context.js';
import { LogoutDeliveries } from './logout-deliveries.js';
import { newSessionId } from './session-ids.js';
import { Session } from './session.entity.js';

/** The columns of a session that every sign-in sets. */
type SignInColumns = Pick<Session, 'secretHash' | 'authenticatedAt' | 'amr' | 'acr' | 'expiresAt'>;

/** A live session and its user. */
export interface SignedIn {
  readonly session: Session;
  readonly user: User;
}

const FIND_SIGNED_IN = new PreparedStatement(
  'find-signed-in',
  (dataSource) => `
    SELECT ${columnsOf(dataSource, Session, 'sessions', 'session.')}, ${columnsOf(dataSource, User, 'users', 'user.')}
    FROM sessions JOIN users ON users.id = sessions.user_id
    WHERE secret_hash = $1 AND ended_at IS NULL AND expires_at > now() AND disabled_at IS NULL`,
);

/** Starts, finds and ends the sessions of users at the provider. */
@Injectable()
export class Sessions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly grants: Grants,
    private readonly logoutDeliveries: LogoutDeliveries,
    private readonly events: SecurityEvents,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'SESSION_LIFETIME'>,
  ) {}

  /** Finds the live session whose secret a browser's cookie holds. */
  findBySecret(secret: string): Promise<Session | null> {
    return this.dataSource.manager.findOneBy(Session, { secretHash: sha256(secret), ...whereLive() });
  }

  /** Finds the live session whose secret a browser's cookie holds, with its user; undefined when the user is disabled. */
  async findSignedIn(secret: string): Promise<SignedIn | undefined> {
    const row = await FIND_SIGNED_IN.first(this.dataSource, [sha256(secret)]);
    return (
      row && {
        session: Object.assign(new Session(), membersOf(row, 'session.')),
        user: Object.assign(new User(), membersOf(row, 'user.')),
      }
    );
  }

  /** Finds the live session with an id. */
  find(id: string): Promise<Session | null> {
    return this.dataSource.manager.findOneBy(Session, { id, ...whereLive() });
  }

  /** Returns the live sessions of a user, the latest sign-in first. */
  ofUser(userId: string): Promise<Session[]> {
    return this.dataSource.manager.find(Session, {
      where: { userId, ...whereLive() },
      order: { authenticatedAt: 'DESC', id: 'ASC' },
    });
  }

  /**
   * Starts a session for a user who has just authenticated.
   *
   * The cookie's secret is always new, so that a cookie planted before the sign-in gives no access. If the same user signs
   * in again, their session continues; if another user signs in, the previous session ends.
   *
   * @param previous the session that the browser had before the sign-in.
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
    const columns = {
      secretHash: sha256(secret),
      authenticatedAt: new Date(),
      amr: [...amr],
      acr: acrOf(amr),
      expiresAt: new Date(Date.now() + this.config.SESSION_LIFETIME * 1000),
    };
    const session = (await this.renew(previous, userId, columns)) ?? (await this.begin(userId, columns));
    return { session, secret };
  }

  /** Continues a session of the same user. Returns undefined when the session has ended in the meantime. */
  private async renew(previous: Session | null, userId: string, columns: SignInColumns): Promise<Session | undefined> {
    if (previous?.userId !== userId) return undefined;
    const renewed = await this.dataSource.manager.update(Session, { id: previous.id, endedAt: IsNull() }, columns);
    return renewed.affected === 1 ? Object.assign(previous, columns) : undefined;
  }

  private async begin(userId: string, columns: SignInColumns): Promise<Session> {
    const session = this.dataSource.manager.create(Session, { id: newSessionId(), userId, endedAt: null, ...columns });
    await this.dataSource.manager.insert(Session, session);
    return session;
  }

  /**
   * Ends a session, revokes its grants and notifies its clients. Does nothing when it has ended already. A sign-out keeps
   * the grants with `offline_access` (OpenID Connect Core §11); a session that is revoked ends with all of its grants.
   *
   * @param origin with the client that asked for the sign-out, if any.
   */
  async end(
    session: Session,
    origin: RequestOrigin & { readonly clientId?: string },
    type: 'sign-out' | 'session-revoked' = 'sign-out',
  ): Promise<void> {
    const { id, userId } = session;
    await this.dataSource.transaction(async (transaction) => {
      // The lock waits for grants that are being inserted, so that they are revoked too.
      const live = { where: { id, endedAt: IsNull() }, lock: { mode: 'pessimistic_write' } } as const;
      if (!(await transaction.findOne(Session, live))) return;
      await transaction.update(Session, { id }, { endedAt: new Date() });
      await this.logoutDeliveries.schedule(session, transaction);
      const event = { outcome: 'success', userId, sessionId: id, ...origin } as const;
      await this.events.record({ type, ...event }, transaction);
      for (const grant of await this.grants.revokeOfSession(id, { offline: type === 'session-revoked' }, transaction)) {
        await this.events.record({ type: 'grant-revoked', ...event, ...grant }, transaction);
      }
    });
    this.announceEnds();
  }

  /** Ends every session of a user in the caller's transaction. Call {@link announceEnds} after the commit. */
  async endOfUser(userId: string, transaction: EntityManager): Promise<void> {
    const live = await transaction.find(Session, {
      where: { userId, endedAt: IsNull() },
      lock: { mode: 'pessimistic_write' },
    });
    await transaction.update(Session, { userId, endedAt: IsNull() }, { endedAt: new Date() });
    for (const session of live) await this.logoutDeliveries.schedule(session, transaction);
  }

  /** Starts the delivery of logout tokens for sessions whose end has been committed. */
  announceEnds(): void {
    this.logoutDeliveries.announce();
  }
}

const whereLive = () => ({ endedAt: IsNull(), expiresAt: MoreThan(new Date()) });
