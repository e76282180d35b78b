import { dataSourceOptions } from '@trefoil/server-kit';
import { ClientSecret } from '../clients/client-secret.entity.js';
import { Client } from '../clients/client.entity.js';
import { Consent } from '../grants/consent.entity.js';
import { DeviceAuthorization } from '../device/device-authorization.entity.js';
import { EventStream } from '../shared-signals/streams/event-stream.entity.js';
import { Grant } from '../grants/grant.entity.js';
import { InitialAccessToken } from '../clients/registration/initial-access-token.entity.js';
import { LogoutDelivery } from '../sessions/logout-delivery.entity.js';
import { ResourceServer } from '../resource-servers/resource-server.entity.js';
import { SecurityEvent } from '../security-events/security-event.entity.js';
import { ServerSecret } from '../keys/server-secrets/server-secret.entity.js';
import { Session } from '../sessions/session.entity.js';
import { StoredSigningKey } from '../keys/signing-key.entity.js';
import { User } from '../users/user.entity.js';
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

/** Every entity of the provider. */
export const entities = [
  User,
  Client,
  ClientSecret,
  InitialAccessToken,
  ResourceServer,
  Session,
  Consent,
  Grant,
  DeviceAuthorization,
  LogoutDelivery,
  EventStream,
  StoredSigningKey,
  ServerSecret,
  SecurityEvent,
];

/** The provider's database. */
export const providerDataSource = (url: string) =>
  dataSourceOptions(url, {
    entities,
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
