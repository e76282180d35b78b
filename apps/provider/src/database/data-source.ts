import type { MigrationInterface } from 'typeorm';
import { type DatabaseSettings, dataSourceOptions } from '@trefoil/server-kit';
import { CreateUsersClientsAndGrants1795336359000 } from './migrations/1795336359000-create-users-clients-and-grants.js';
import { AddClientMetadataAndDeviceAuthorizations1795338880000 } from './migrations/1795338880000-add-client-metadata-and-device-authorizations.js';
import { PartitionSecurityEvents1795540122000 } from './migrations/1795540122000-partition-security-events.js';
import { AddRequestPolicies1795541244000 } from './migrations/1795541244000-add-request-policies.js';
import { AddRefreshKey1795541304000 } from './migrations/1795541304000-add-refresh-key.js';
import { AddKeyRotation1795544828000 } from './migrations/1795544828000-add-key-rotation.js';
import { CreateEventStreams1795544829000 } from './migrations/1795544829000-create-event-streams.js';
import { CreateUsage1795544830000 } from './migrations/1795544830000-create-usage.js';
import { IndexExpiredRows1795544831000 } from './migrations/1795544831000-index-expired-rows.js';
import { CreateStateFeeds1795544832000 } from './migrations/1795544832000-create-state-feeds.js';
import { IndexAnomalies1795547663000 } from './migrations/1795547663000-index-anomalies.js';
import { GrantScopesToSeveralKinds1795714887000 } from './migrations/1795714887000-grant-scopes-to-several-kinds.js';
import { AddClientCertificates1795716000000 } from './migrations/1795716000000-add-client-certificates.js';
import { AddRegistrationTokenRevocation1795716600000 } from './migrations/1795716600000-add-registration-token-revocation.js';

/** The migrations of the last release. They never change. */
export const RELEASED_MIGRATIONS = [
  CreateUsersClientsAndGrants1795336359000,
  AddClientMetadataAndDeviceAuthorizations1795338880000,
  PartitionSecurityEvents1795540122000,
  AddRequestPolicies1795541244000,
  AddRefreshKey1795541304000,
  AddKeyRotation1795544828000,
  CreateEventStreams1795544829000,
  CreateUsage1795544830000,
  IndexExpiredRows1795544831000,
  CreateStateFeeds1795544832000,
  IndexAnomalies1795547663000,
  GrantScopesToSeveralKinds1795714887000,
  AddClientCertificates1795716000000,
  AddRegistrationTokenRevocation1795716600000,
];

/** The migrations since then. They only add to the schema, because servers of the last release use it during an upgrade. */
const NEW_MIGRATIONS: (new () => MigrationInterface)[] = [];

/**
 * Returns the options of the provider's data source, with all migrations.
 *
 * @param entities the entities of a data source without Nest. In the server each feature module registers its own.
 */
export const providerDataSource = (
  url: string,
  entities: readonly (new () => object)[] = [],
  settings: DatabaseSettings = {},
) =>
  dataSourceOptions(
    url,
    {
      entities: [...entities],
      migrations: [...RELEASED_MIGRATIONS, ...NEW_MIGRATIONS],
    },
    settings,
  );
