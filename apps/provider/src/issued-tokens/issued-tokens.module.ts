import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { GrantsModule } from '../grants/grants.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { ResourceServersModule } from '../resource-servers/resource-servers.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { Disablements } from './disablements.js';
import { GrantSubjects } from './grant-subjects.js';
import { IssuedAccessTokens } from './issued-access-tokens.js';
import { Revocations } from './revocations.js';
import { RevocationTargets } from './revocation-targets/revocation-targets.js';
import { RevokedTokens } from './revoked-tokens.js';
import { TokenStatus } from './token-status.js';

/** Checks whether issued tokens are valid, and revokes them by token, grant, session, client or user. */
@Module({
  imports: [
    KeysModule,
    ClientsModule,
    GrantsModule,
    SessionsModule,
    UsersModule,
    ResourceServersModule,
    SecurityEventsModule,
  ],
  providers: [
    RevokedTokens,
    TokenStatus,
    GrantSubjects,
    IssuedAccessTokens,
    Revocations,
    RevocationTargets,
    Disablements,
  ],
  exports: [TokenStatus, GrantSubjects, IssuedAccessTokens, Revocations, RevocationTargets, Disablements],
})
export class IssuedTokensModule {}
