import { testDatabase } from '@trefoil/testing';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { blankClient } from '../setup/registrations.js';
import { Client } from '../clients/client.entity.js';
import { GrantNetworks } from '../grants/grant-networks.js';
import { Grants } from '../grants/grants.js';
import { type SecurityEventContent, SecurityEvents } from '../security-events/security-events.js';
import { openDatabase } from './open-database.js';

/** The database of a provider that is not running, for tests that insert security events directly. */
export interface EventDatabase {
  readonly dataSource: DataSource;
  readonly events: SecurityEvents;
  /** Inserts an event `times` times, dated `secondsAgo` seconds before now. */
  record(event: SecurityEventContent, times?: number, secondsAgo?: number): Promise<void>;
  /** Inserts a client, by default a confidential one. Returns its id. */
  client(options?: { isPublic?: boolean }): Promise<string>;
  /** Inserts a new user and a grant of this user to a client. */
  grant(clientId: string): Promise<{ grantId: string; userId: string }>;
  close(): Promise<void>;
}

/** Creates an empty database with all tables. */
export async function eventDatabase(): Promise<EventDatabase> {
  const dataSource = await openDatabase(await testDatabase());
  const events = new SecurityEvents(dataSource);
  return {
    dataSource,
    events,

    async record(event, times = 1, secondsAgo = 0) {
      for (let n = 0; n < times; n++) {
        await dataSource.query(
          `INSERT INTO security_events (occurred_at, type, outcome, user_id, client_id, session_id, grant_id, address,
             details)
           VALUES (now() - make_interval(secs => $1), $2, $3, $4, $5, $6, $7, $8, $9)`,
          [
            secondsAgo,
            ...[event.type, event.outcome, event.userId, event.clientId, event.sessionId, event.grantId, event.address],
            event.details ?? null,
          ],
        );
      }
    },

    async client({ isPublic = false } = {}) {
      const clientId = `client-${randomUUID()}`;
      await dataSource.manager.insert(Client, {
        ...blankClient,
        ...{ clientId, clientName: 'A client', description: '', grantTypes: [] },
        tokenEndpointAuthMethod: isPublic ? 'none' : 'client_secret_basic',
      });
      return clientId;
    },

    async grant(clientId) {
      const [userId, sessionId] = [randomUUID(), randomUUID()];
      await dataSource.query(`INSERT INTO users (id, email, password_hash) VALUES ($1, $2, '')`, [userId, userId]);
      await dataSource.query(
        `INSERT INTO sessions (id, secret_hash, user_id, authenticated_at, amr, expires_at)
         VALUES ($1, $2, $3, now(), '{}', now() + interval '1 day')`,
        [sessionId, Buffer.from(sessionId), userId],
      );
      const ends = new Date(Date.now() + 3600_000);
      const { id: grantId } = await new Grants(dataSource, events, new GrantNetworks(dataSource)).insert({
        ...{ clientId, userId, sessionId, scopes: [], resources: [], redirectUri: null, codeChallenge: null },
        ...{ nonce: null, authenticatedAt: new Date(), amr: [], codeLifetime: 60, expiresAt: ends },
      });
      return { grantId, userId };
    },

    close: () => dataSource.destroy(),
  };
}
