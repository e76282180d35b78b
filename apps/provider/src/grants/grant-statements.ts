import { columnsOf, PreparedStatement } from '../database/prepared-statement.js';
import { Grant } from './grant.entity.js';

/** Seconds for which resource servers may accept a token after it has expired. */
const CLOCK_TOLERANCE_SECONDS = 60;

// A grant that is inserted while its session ends is not revoked with the session, so its use checks the session.
const SESSION_IS_LIVE = `EXISTS (SELECT FROM sessions WHERE sessions.id = session_id AND sessions.ended_at IS NULL)`;

/**
 * The SQL condition for grants that can be refreshed. It uses the clock of the database, like everything that expires
 * here, because the clock of a replica may be wrong.
 */
export const CAN_BE_REFRESHED = `revoked_at IS NULL AND expires_at > now()
       AND ('offline_access' = ANY (scopes) OR ${SESSION_IS_LIVE})`;

/**
 * The SQL condition for grants that were not revoked and may have valid access tokens. A token that was issued shortly before
 * its grant expired is valid for longer than the grant.
 */
export const MAY_HAVE_TOKENS = `revoked_at IS NULL AND expires_at > now() - make_interval(
         secs => (SELECT coalesce(max(access_token_lifetime), 0) + ${CLOCK_TOLERANCE_SECONDS} FROM resource_servers))`;

/** A grant, and what else decides whether its tokens are valid. */
export interface GrantState {
  readonly grant: Grant;
  readonly isUserEnabled: boolean;
  readonly isSessionLive: boolean;
}

type GrantStateRow = Grant & Omit<GrantState, 'grant'>;

/** Finds a grant with the state of its user and its session. */
export const FIND_GRANT = new PreparedStatement<GrantStateRow>(
  'find-grant',
  (dataSource) => `
    SELECT ${columnsOf(dataSource, Grant, 'grants')}, users.disabled_at IS NULL AS "isUserEnabled",
      sessions.ended_at IS NULL AND sessions.expires_at > now() AS "isSessionLive"
    FROM grants JOIN users ON users.id = grants.user_id JOIN sessions ON sessions.id = grants.session_id
    WHERE grants.id = $1`,
);

/** Redeems a code, and records the network from which the grant is used for the first time. */
export const REDEEM_CODE = new PreparedStatement<Pick<Grant, 'id'>>(
  'redeem-code',
  () => `
    WITH redeemed AS (
      UPDATE grants SET code_redeemed_at = now()
      WHERE id = $1 AND code_redeemed_at IS NULL AND revoked_at IS NULL AND code_expires_at > now() AND ${SESSION_IS_LIVE}
      RETURNING id
    ), used AS (
      INSERT INTO grant_networks (grant_id, network, seen_at)
      SELECT id, $2::text, now() FROM redeemed WHERE $2::text IS NOT NULL ON CONFLICT DO NOTHING
    )
    SELECT id FROM redeemed`,
);

/** Inserts a grant together with its event, so that neither is ever without the other. */
export const CREATE_GRANT = new PreparedStatement<Pick<Grant, 'codeExpiresAt'>>(
  'create-grant',
  () => `
    WITH created AS (
      INSERT INTO grants (id, secret, client_id, user_id, session_id, scopes, resources, redirect_uri, code_challenge,
        nonce, authenticated_at, amr, acr, dpop_jkt, claims, code_expires_at, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, now() + make_interval(secs => $16), $17)
      RETURNING id, client_id, user_id, session_id, code_expires_at
    ), recorded AS (
      INSERT INTO security_events (type, outcome, user_id, client_id, session_id, grant_id, details, actor, address, agent,
        request_id)
      SELECT 'grant-created', 'success', user_id, client_id, session_id, id, $18::jsonb, $19, $20, $21, $22 FROM created
    )
    SELECT code_expires_at AS "codeExpiresAt" FROM created`,
);
