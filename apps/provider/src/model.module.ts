import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SigningKeys } from '@trefoil/token-issuance';
import { CONFIG } from './config.js';
import { entities } from './database/data-source.js';
import { IssuedAccessTokens } from './issued-tokens/issued-access-tokens.js';
import { RevokedTokens } from './issued-tokens/revoked-tokens.js';
import { TokenStatus } from './issued-tokens/token-status.js';
import { ClientJwts } from './clients/client-jwts.js';
import { ClientKeys } from './clients/client-keys.js';
import { ClientRegistrations } from './clients/client-registrations.js';
import { ClientSecretUses } from './clients/client-secret-uses.js';
import { ClientSecrets } from './clients/client-secrets.js';
import { Clients } from './clients/clients.js';
import { PublishedKeySets } from './clients/published-key-sets.js';
import { Consents } from './grants/consents.js';
import { DeviceAuthorizations } from './device/device-authorizations.js';
import { Disablements } from './issued-tokens/disablements.js';
import { EventStreams } from './shared-signals/streams/event-streams.js';
import { StreamNotices } from './shared-signals/streams/stream-notices.js';
import { StreamOutbox } from './shared-signals/streams/stream-outbox.js';
import { StreamPushes } from './shared-signals/streams/stream-pushes.js';
import { Grants } from './grants/grants.js';
import { InitialAccessTokens } from './clients/registration/initial-access-tokens.js';
import { LogoutDeliveries } from './sessions/logout-deliveries.js';
import { IdTokenHintReader } from './sessions/id-token-hint-reader.js';
import { AuthorizationCookies } from './authorization/interaction/authorization-cookies.js';
import { PendingAuthorizations } from './authorization/interaction/pending-authorizations.js';
import { PushedRequests } from './authorization/request/pushed-requests.js';
import { RefreshTokens } from './grants/refresh-tokens.js';
import { ResourceServers } from './resource-servers/resource-servers.js';
import { Revocations } from './issued-tokens/revocations.js';
import { EventPartitions } from './security-events/event-partitions.js';
import { SecurityEventLog } from './security-events/security-event-log.js';
import { SecurityEvents } from './security-events/security-events.js';
import { SessionCookie } from './sessions/session-cookie.js';
import { Sessions } from './sessions/sessions.js';
import { EncryptedRows } from './keys/encryption/encrypted-rows.js';
import { ServerSecrets } from './keys/server-secrets/server-secrets.js';
import { KeyRotation } from './keys/key-rotation.js';
import { LocalVerificationKeys } from './keys/local-verification-keys.js';
import { StoredSigningKeys } from './keys/stored-signing-keys.js';
import { subjectKey } from './users/subject-key.js';
import { Subjects } from './users/subjects.js';
import { FlaggedAnomalies } from './security-events/anomalies/flagged-anomalies.js';
import { GrantNetworks } from './grants/grant-networks.js';
import { Usage } from './security-events/usage/usage.js';
import { UsageCounter } from './security-events/usage/usage-counter.js';
import { UserRegistrations } from './users/user-registrations.js';
import { Users } from './users/users.js';

const repositories = [
  Users,
  UserRegistrations,
  Clients,
  ClientRegistrations,
  ClientSecrets,
  ClientSecretUses,
  InitialAccessTokens,
  PublishedKeySets,
  ClientKeys,
  ClientJwts,
  ResourceServers,
  Sessions,
  SessionCookie,
  AuthorizationCookies,
  PendingAuthorizations,
  PushedRequests,
  Consents,
  Grants,
  DeviceAuthorizations,
  LogoutDeliveries,
  EventStreams,
  StreamNotices,
  StreamOutbox,
  StreamPushes,
  RefreshTokens,
  RevokedTokens,
  TokenStatus,
  IssuedAccessTokens,
  IdTokenHintReader,
  LocalVerificationKeys,
  KeyRotation,
  EncryptedRows,
  ServerSecrets,
  SecurityEvents,
  EventPartitions,
  SecurityEventLog,
  FlaggedAnomalies,
  Usage,
  UsageCounter,
  GrantNetworks,
  Revocations,
  Disablements,
];

/** What the provider keeps: one repository a noun. */
@Module({
  imports: [TypeOrmModule.forFeature(entities)],
  providers: [
    ...repositories,
    { provide: SigningKeys, useClass: StoredSigningKeys },
    {
      provide: Subjects,
      useFactory: async (...given: Parameters<typeof subjectKey>) => new Subjects(await subjectKey(...given)),
      inject: [ServerSecrets, CONFIG],
    },
  ],
  exports: [...repositories, SigningKeys, Subjects],
})
export class ModelModule {}
