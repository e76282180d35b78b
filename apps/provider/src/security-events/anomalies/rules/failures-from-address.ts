import { networkOf } from '@trefoil/server-kit';
import { type AnomalyRule, FAILURES, MAX_FINDINGS } from '../anomaly-rule.js';

const WINDOW_SECONDS = 15 * 60;
const THRESHOLD = 30;
const MAX_ADDRESSES = 10_000;

/** Failures that an attacker causes. Refused tokens are not among them: a server sends many when its users sign out. */
const TYPES = ['sign-in', 'client-authentication', 'registration-refused', 'user-code', 'dpop-proof'];

/** Finds networks that send many refused attempts of any kind. */
export const failuresFromAddress: AnomalyRule = {
  name: 'failures-from-address',
  description: 'Many refused attempts from one network',
  windowSeconds: WINDOW_SECONDS,

  async find(manager, now) {
    const rows = await manager.query<{ address: string; failures: number; accounts: number }[]>(
      `SELECT address, ${FAILURES}::int AS failures, count(DISTINCT user_id)::int AS accounts
       FROM security_events
       WHERE outcome = 'failure' AND type = ANY ($3) AND address IS NOT NULL
         AND occurred_at > $1::timestamptz - make_interval(secs => $2) AND occurred_at <= $1
       GROUP BY address ORDER BY failures DESC LIMIT $4`,
      [now, WINDOW_SECONDS, TYPES, MAX_ADDRESSES],
    );
    // In an IPv6 network every attempt may come from another address.
    const networks = new Map<string, { address: string; failures: number; accounts: number }>();
    for (const row of rows) {
      const network = networkOf(row.address);
      const { address, failures, accounts } = networks.get(network) ?? { ...row, failures: 0, accounts: 0 };
      networks.set(network, { address, failures: failures + row.failures, accounts: Math.max(accounts, row.accounts) });
    }
    return [...networks]
      .filter(([, { failures }]) => failures >= THRESHOLD)
      .slice(0, MAX_FINDINGS)
      .map(([network, { address, failures, accounts }]) => ({
        subject: network,
        about: { address },
        figures: { failures: `${failures}`, accounts: `${accounts}`, minutes: `${WINDOW_SECONDS / 60}` },
      }));
  },
};
