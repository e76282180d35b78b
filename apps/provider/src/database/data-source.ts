import { dataSourceOptions } from '@trefoil/server-kit';
import { First1700000000001 } from './migrations/1-first.js';
import { Housekeeping1700000000009 } from './migrations/9-housekeeping.js';
import { StateStoreFeed1700000000010 } from './migrations/10-state-store-feed.js';
import { AnomalyIndex1700000000011 } from './migrations/11-anomaly-index.js';
import { ClientMetadata1700000000002 } from './migrations/2-client-metadata.js';
import { SecurityEvents1700000000003 } from './migrations/3-security-events.js';
import { RequestPolicies1700000000004 } from './migrations/4-request-policies.js';
import { RefreshRetry1700000000005 } from './migrations/5-refresh-retry.js';
import { KeyRotation1700000000006 } from './migrations/6-key-rotation.js';
import { EventStreams1700000000007 } from './migrations/7-event-streams.js';
import { Usage1700000000008 } from './migrations/8-usage.js';

/**
 * Returns the options of the provider's database.
 *
 * @param entities those that a data source without Nest works with; in the server each feature module registers its own.
 */
export const providerDataSource = (url: string, entities: readonly (new () => object)[] = []) =>
  dataSourceOptions(url, {
    entities: [...entities],
    migrations: [
      First1700000000001,
      ClientMetadata1700000000002,
      SecurityEvents1700000000003,
      RequestPolicies1700000000004,
      RefreshRetry1700000000005,
      KeyRotation1700000000006,
      EventStreams1700000000007,
      Usage1700000000008,
      Housekeeping1700000000009,
      StateStoreFeed1700000000010,
      AnomalyIndex1700000000011,
    ],
  });
