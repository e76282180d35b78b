import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SigningKeys } from '@trefoil/token-issuance';
import { entities } from '../database/data-source.js';
import { IssuedAccessTokens } from './access-tokens/issued-access-tokens.js';
import { RevokedTokens } from './access-tokens/revoked-tokens.js';
import { TokenStatus } from './access-tokens/token-status.js';
import { ClientJwts } from './clients/client-jwts.js';
import { ClientKeys } from './clients/client-keys.js';
import { ClientRegistrations } from './clients/client-registrations.js';
import { Clients } from './clients/clients.js';
import { PublishedKeySets } from './clients/published-key-sets.js';
import { Consents } from './consents/consents.js';
import { DeviceAuthorizations } from './device-authorizations/device-authorizations.js';
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
import { SecurityEvents } from './security-events/security-events.js';
import { SessionCookie } from './sessions/session-cookie.js';
import { Sessions } from './sessions/sessions.js';
import { LocalVerificationKeys } from './signing-keys/local-verification-keys.js';
import { StoredSigningKeys } from './signing-keys/stored-signing-keys.js';
import { Subjects } from './subjects/subjects.js';
import { Users } from './users/users.js';

const repositories = [
  Users,
  Clients,
  ClientRegistrations,
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
  RefreshTokens,
  RevokedTokens,
  TokenStatus,
  IssuedAccessTokens,
  IdTokenHintReader,
  Subjects,
  LocalVerificationKeys,
  SecurityEvents,
  Revocations,
];

/** What the provider keeps: one repository a noun. */
@Module({
  imports: [TypeOrmModule.forFeature(entities)],
  providers: [...repositories, { provide: SigningKeys, useClass: StoredSigningKeys }],
  exports: [...repositories, SigningKeys],
})
export class ModelModule {}
