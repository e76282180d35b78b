import type { EntityManager } from 'typeorm';
import { z } from 'zod';

/** The number of active sessions and grants that a revocation ends. */
export const LiveCounts = z.object({ sessions: z.int(), grants: z.int() });
export type LiveCounts = z.infer<typeof LiveCounts>;

const SESSIONS = 'SELECT count(*)::int FROM sessions WHERE ended_at IS NULL AND expires_at > now()';
const GRANTS = 'SELECT count(*)::int FROM grants WHERE revoked_at IS NULL AND expires_at > now()';

async function count(manager: EntityManager, query: string, id: string): Promise<LiveCounts> {
  const [counts] = await manager.query<LiveCounts[]>(query, [id]);
  return counts ?? { sessions: 0, grants: 0 };
}

/** Counts the active sessions and grants of a user. */
export const liveOfUser = (manager: EntityManager, userId: string): Promise<LiveCounts> =>
  count(manager, `SELECT (${SESSIONS} AND user_id = $1) AS sessions, (${GRANTS} AND user_id = $1) AS grants`, userId);

/** Counts the active grants of a client. */
export const liveOfClient = (manager: EntityManager, clientId: string): Promise<LiveCounts> =>
  count(manager, `SELECT 0 AS sessions, (${GRANTS} AND client_id = $1) AS grants`, clientId);

/** Counts a session and the active grants that end with it when it is revoked, those with `offline_access` included. */
export const liveOfSession = (manager: EntityManager, sessionId: string): Promise<LiveCounts> =>
  count(manager, `SELECT (${SESSIONS} AND id = $1) AS sessions, (${GRANTS} AND session_id = $1) AS grants`, sessionId);
