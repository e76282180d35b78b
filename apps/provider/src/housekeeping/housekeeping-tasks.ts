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

/** The parts of the provider that the housekeeping tasks use. */
export interface HousekeepingContext {
  readonly query: Query;
  readonly store: Pick<StateStore, 'removeExpired'>;
  readonly partitions: Pick<EventPartitions, 'run'>;
  readonly usage: Pick<Usage, 'removeExpired'>;
  readonly config: Pick<ProviderConfig, 'STREAM_INACTIVITY_TIMEOUT'>;
}

/** Returns the housekeeping tasks in their order. For a new kind of row add a function to `removed-rows.ts` and a line here. */
export const housekeepingTasks = ({
  query,
  store,
  partitions,
  usage,
  config,
}: HousekeepingContext): readonly HousekeepingTask[] => [
  removalTask('expired-state', (limit) => store.removeExpired(limit)),
  expiredDeviceAuthorizations(query),
  endedGrants(query, config.STREAM_INACTIVITY_TIMEOUT),
  // After the grants, because a session is kept while it has grants.
  endedSessions(query),
  finishedLogoutDeliveries(query),
  expiredRevokedTokens(query),
  expiredClientSecrets(query),
  forgottenDocumentClients(query),
  singleStep('event-partitions', async () => (await partitions.run()).dropped.length),
  singleStep('expired-usage', () => usage.removeExpired()),
];

/** Returns a task that does all its work in one step. */
const singleStep = (name: string, run: () => Promise<number>): HousekeepingTask => ({
  name,
  removeBatch: async () => ({ removed: await run(), isLast: true }),
});
