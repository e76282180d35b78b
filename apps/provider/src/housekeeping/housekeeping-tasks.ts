import { type HousekeepingTask, type Query, removalTask } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import type { ProviderConfig } from '../config.js';
import type { EventPartitions } from '../security-events/partitions/event-partitions.js';
import type { Usage } from '../security-events/usage/usage.js';
import {
  endedGrants,
  endedSessions,
  expiredClientSecrets,
  expiredDeviceAuthorizations,
  expiredRevokedTokens,
  finishedLogoutDeliveries,
  forgottenDocumentClients,
} from './removed-rows.js';

/** What the tasks work on. */
export interface HousekeepingGrounds {
  readonly query: Query;
  readonly store: Pick<StateStore, 'removeExpired'>;
  readonly partitions: Pick<EventPartitions, 'run'>;
  readonly usage: Pick<Usage, 'removeExpired'>;
  readonly config: Pick<ProviderConfig, 'STREAM_INACTIVITY_TIMEOUT'>;
}

/** Everything that goes by itself, in this order; a new kind of row is a file and a line here. */
export const housekeepingTasks = ({
  query,
  store,
  partitions,
  usage,
  config,
}: HousekeepingGrounds): readonly HousekeepingTask[] => [
  removalTask('expired-state', (limit) => store.removeExpired(limit)),
  expiredDeviceAuthorizations(query),
  endedGrants(query, config.STREAM_INACTIVITY_TIMEOUT),
  // After the grants, which keep their sessions.
  endedSessions(query),
  finishedLogoutDeliveries(query),
  expiredRevokedTokens(query),
  expiredClientSecrets(query),
  forgottenDocumentClients(query),
  whole('event-partitions', async () => (await partitions.run()).dropped.length),
  whole('expired-usage', () => usage.removeExpired()),
];

/** A task that bounds its own steps. */
const whole = (name: string, run: () => Promise<number>): HousekeepingTask => ({
  name,
  removeSome: async () => ({ removed: await run(), isLast: true }),
});
