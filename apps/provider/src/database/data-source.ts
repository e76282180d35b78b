import { dataSourceOptions } from '@trefoil/server-kit';
import { ClientSecret } from '../model/clients/client-secret.entity.js';
import { Client } from '../model/clients/client.entity.js';
import { Consent } from '../model/consents/consent.entity.js';
import { DeviceAuthorization } from '../model/device-authorizations/device-authorization.entity.js';
import { Grant } from '../model/grants/grant.entity.js';
import { InitialAccessToken } from '../model/initial-access-tokens/initial-access-token.entity.js';
import { LogoutDelivery } from '../model/logout-deliveries/logout-delivery.entity.js';
import { ResourceServer } from '../model/resource-servers/resource-server.entity.js';
import { SecurityEvent } from '../model/security-events/security-event.entity.js';
import { Session } from '../model/sessions/session.entity.js';
import { StoredSigningKey } from '../model/signing-keys/signing-key.entity.js';
import { User } from '../model/users/user.entity.js';
import { First1700000000001 } from './migrations/1-first.js';
import { ClientMetadata1700000000002 } from './migrations/2-client-metadata.js';
import { SecurityEvents1700000000003 } from './migrations/3-security-events.js';
import { RefreshRetry1700000000005 } from './migrations/5-refresh-retry.js';

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
  StoredSigningKey,
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
      RefreshRetry1700000000005,
    ],
  });
