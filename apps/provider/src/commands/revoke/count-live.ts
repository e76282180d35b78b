import { DataSource } from 'typeorm';
import type { Installation } from '../installation.js';

/** The number of active sessions and grants that a revocation would end. */
export interface LiveCounts {
  readonly sessions: number;
  readonly grants: number;
}

const SESSIONS = 'SELECT count(*)::int FROM sessions WHERE ended_at IS NULL AND expires_at > now()';
const GRANTS = 'SELECT count(*)::int FROM grants WHERE revoked_at IS NULL AND expires_at > now()';

async function count({ get }: Installation, query: string, id: string): Promise<LiveCounts> {
  const [counts] = await get(DataSource).query<LiveCounts[]>(query, [id]);
  return counts ?? { sessions: 0, grants: 0 };
}

/** Counts the active sessions and grants of a user. */
export const liveOfUser = (installation: Installation, userId: string): Promise<LiveCounts> =>
  count(
    installation,
    `SELECT (${SESSIONS} AND user_id = $1) AS sessions, (${GRANTS} AND user_id = $1) AS grants`,
    userId,
  );

/** Counts the active grants of a client. */
export const liveOfClient = (installation: Installation, clientId: string): Promise<LiveCounts> =>
  count(installation, `SELECT 0 AS sessions, (${GRANTS} AND client_id = $1) AS grants`, clientId);

/** Counts a session and the active grants that end with it when it is revoked, those with `offline_access` included. */
export const liveOfSession = (installation: Installation, sessionId: string): Promise<LiveCounts> =>
  count(
    installation,
    `SELECT (${SESSIONS} AND id = $1) AS sessions,
       (${GRANTS} AND session_id = $1) AS grants`,
    sessionId,
  );

/** Formats the counts as words. */
export const inWords = ({ sessions, grants }: LiveCounts): string =>
  `${sessions} session${sessions === 1 ? '' : 's'} and ${grants} grant${grants === 1 ? '' : 's'}`;
