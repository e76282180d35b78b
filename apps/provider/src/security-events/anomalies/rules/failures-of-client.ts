import { type AnomalyRule, FAILURES, MAX_FINDINGS } from '../anomaly-rule.js';

const WINDOW_SECONDS = 15 * 60;
const THRESHOLD = 50;

const TYPES = ['client-authentication', 'token-refused', 'dpop-proof', 'code-reuse', 'refresh-token-reuse'];

/** Finds clients with many refused requests: somebody is guessing the secret, or the client is broken. */
export const failuresOfClient: AnomalyRule = {
  name: 'failures-of-client',
  description: 'Many refused requests of one application',
  windowSeconds: WINDOW_SECONDS,

  async find(manager, now) {
    const rows = await manager.query<{ client_id: string; failures: number; addresses: number }[]>(
      `SELECT client_id, ${FAILURES}::int AS failures, count(DISTINCT address)::int AS addresses
       FROM security_events
       WHERE outcome = 'failure' AND type = ANY ($3)
         AND EXISTS (SELECT FROM clients WHERE clients.client_id = security_events.client_id)
         AND occurred_at > $1::timestamptz - make_interval(secs => $2) AND occurred_at <= $1
       GROUP BY client_id HAVING ${FAILURES} >= $4 ORDER BY failures DESC LIMIT $5`,
      [now, WINDOW_SECONDS, TYPES, THRESHOLD, MAX_FINDINGS],
    );
    return rows.map(({ client_id, failures, addresses }) => ({
      subject: client_id,
      about: { clientId: client_id },
      figures: { failures: `${failures}`, addresses: `${addresses}`, minutes: `${WINDOW_SECONDS / 60}` },
    }));
  },
};
