import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SigningKeys } from '@trefoil/token-issuance';
import { CONFIG } from '../config.js';
import { entities } from '../database/data-source.js';
import { IssuedAccessTokens } from './access-tokens/issued-access-tokens.js';
import { RevokedTokens } from './access-tokens/revoked-tokens.js';
import { TokenStatus } from './access-tokens/token-status.js';
import { ClientJwts } from './clients/client-jwts.js';
import { ClientKeys } from './clients/client-keys.js';
import { ClientRegistrations } from './clients/client-registrations.js';
import { ClientSecretUses } from './clients/client-secret-uses.js';
import { ClientSecrets } from './clients/client-secrets.js';
import { Clients } from './clients/clients.js';
import { PublishedKeySets } from './clients/published-key-sets.js';
import { Consents } from './consents/consents.js';
import { DeviceAuthorizations } from './device-authorizations/device-authorizations.js';
import { Disablements } from './disablements/disablements.js';
import { EventStreams } from './event-streams/event-streams.js';
import { StreamNotices } from './event-streams/stream-notices.js';
import { StreamOutbox } from './event-streams/stream-outbox.js';
import { StreamPushes } from './event-streams/stream-pushes.js';
import { Grants } from './grants/grants.js';
import { InitialAccessTokens } from './initial-access-tokens/initial-access-tokens.js';
import { LogoutDeliveries } from './logout-deliveries/logout-deliveries.js';
import { IdTokenHintReader } from './id-tokens/id-token-hint.reader.js';
import { AuthorizationCookies } from './pending-authorizations/authorization-cookies.js';
import { PendingAuthorizations } from './pending-authorizations/pending-authorizations.js';
import { PushedRequests } from './pushed-requests/pushed-requests.js';
import { RefreshTokens } from './grants/refresh-tokens.js';
import { ResourceServers } from './resource-servers/resource-servers.js';
import { Revocations } from './revocations/revocations.js';
import { EventPartitions } from './security-events/event-partitions.js';
import { SecurityEventLog } from './security-events/security-event-log.js';
import { SecurityEvents } from './security-events/security-events.js';
import { SessionCookie } from './sessions/session-cookie.js';
import { Sessions } from './sessions/sessions.js';
import { EncryptedRows } from './encryption/encrypted-rows.js';
import { ServerSecrets } from './server-secrets/server-secrets.js';
import { KeyRotation } from './signing-keys/key-rotation.js';
import { LocalVerificationKeys } from './signing-keys/local-verification-keys.js';
import { StoredSigningKeys } from './signing-keys/stored-signing-keys.js';
import { subjectKey } from './subjects/subject-key.js';
import { Subjects } from './subjects/subjects.js';
import { FlaggedAnomalies } from './anomalies/flagged-anomalies.js';
import { GrantNetworks } from './grants/grant-networks.js';
import { Usage } from './usage/usage.js';
import { UsageCounter } from './usage/usage-counter.js';
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
