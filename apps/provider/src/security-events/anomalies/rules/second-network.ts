import { type AnomalyRule, MAX_FINDINGS } from '../anomaly-rule.js';

const WINDOW_SECONDS = 60 * 60;

interface SecondNetworkRow {
  readonly userId: string;
  readonly clientId: string;
  readonly sessionId: string;
  readonly grantId: string;
  readonly network: string;
  readonly before: string;
}

/**
 * Finds grants whose tokens are used from another network than before. A confidential client uses the tokens of all its
 * grants from the same servers, so a network that other grants of the client were used from before is not unusual.
 */
export const secondNetwork: AnomalyRule = {
  name: 'second-network',
  description: 'Tokens used from a second network',
  windowSeconds: WINDOW_SECONDS,

  async find(manager, now) {
    const rows = await manager.query<SecondNetworkRow[]>(
      `SELECT grants.user_id AS "userId", grants.client_id AS "clientId", grants.session_id AS "sessionId",
         used.grant_id AS "grantId", used.network, earlier.network AS before
       FROM grant_networks AS used
       JOIN grants ON grants.id = used.grant_id
       JOIN clients ON clients.client_id = grants.client_id
       CROSS JOIN LATERAL (
         SELECT network FROM grant_networks
         WHERE grant_id = used.grant_id AND (seen_at, network) < (used.seen_at, used.network)
         ORDER BY seen_at DESC LIMIT 1
       ) AS earlier
       WHERE used.seen_at > $1::timestamptz - make_interval(secs => $2) AND used.seen_at <= $1
         AND (clients.token_endpoint_auth_method = 'none' OR NOT EXISTS (
           SELECT FROM grant_networks AS known JOIN grants AS other ON other.id = known.grant_id
           WHERE known.network = used.network AND known.seen_at < used.seen_at
             AND other.client_id = grants.client_id AND other.id <> grants.id))
       ORDER BY used.seen_at DESC LIMIT $3`,
      [now, WINDOW_SECONDS, MAX_FINDINGS],
    );
    return rows.map(({ network, before, ...about }) => ({
      subject: `${about.grantId} ${network}`,
      about,
      figures: { network, before },
    }));
  },
};
