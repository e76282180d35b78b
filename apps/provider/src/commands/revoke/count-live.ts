import { DataSource } from 'typeorm';
import type { Installation } from '../installation.js';

/** How many sessions and grants a revocation ends, as they stand now. */
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

export const liveOfUser = (installation: Installation, userId: string): Promise<LiveCounts> =>
  count(
    installation,
    `SELECT (${SESSIONS} AND user_id = $1) AS sessions, (${GRANTS} AND user_id = $1) AS grants`,
    userId,
  );

export const liveOfClient = (installation: Installation, clientId: string): Promise<LiveCounts> =>
  count(installation, `SELECT 0 AS sessions, (${GRANTS} AND client_id = $1) AS grants`, clientId);

/** Those grants that end with a session; others outlive it. */
export const liveOfSession = (installation: Installation, sessionId: string): Promise<LiveCounts> =>
  count(
    installation,
    `SELECT (${SESSIONS} AND id = $1) AS sessions,
       (${GRANTS} AND session_id = $1 AND NOT 'offline_access' = ANY (scopes)) AS grants`,
    sessionId,
  );

export const inWords = ({ sessions, grants }: LiveCounts): string =>
  `${sessions} session${sessions === 1 ? '' : 's'} and ${grants} grant${grants === 1 ? '' : 's'}`;
