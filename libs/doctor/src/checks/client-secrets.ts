import type { Check, Problem } from '../check.js';
import { judgeClients } from './judge-clients.js';

const DAY = 24 * 3600 * 1000;
const MOST_DAYS = 90;

/** Checks that the secrets of clients are in use. */
export const clientSecrets: Check = {
  rule: 'client-secrets',
  group: 'Clients',
  title: `Each secret of a client was used in the last ${MOST_DAYS} days`,
  source: 'RFC 6819 §5.2.3.6',
  severity: 'low',
  why: 'Nobody notices when a secret that nobody uses is stolen.',
  fix: 'Disable the client (npm run trefoil -- client disable), or replace the secret (npm run trefoil -- secret rotate).',
  judge: (observations) =>
    judgeClients(observations, ({ clientId, secrets }) =>
      secrets
        .filter(({ expiresAt }) => expiresAt === null || expiresAt > observations.startedAt)
        .flatMap(({ createdAt, lastUsedAt }): Problem[] => {
          const days = Math.floor((observations.startedAt.getTime() - (lastUsedAt ?? createdAt).getTime()) / DAY);
          if (days <= MOST_DAYS) return [];
          const evidence = `created at ${createdAt.toISOString()}, last used ${lastUsedAt?.toISOString() ?? 'never'}`;
          return [{ what: `A secret of the client ${clientId} was not used for ${days} days.`, evidence }];
        }),
    ),
};
