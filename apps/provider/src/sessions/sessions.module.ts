import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { GrantsModule } from '../grants/grants.module.js';
import { CONFIG } from '../config.js';
import { KeysModule } from '../keys/keys.module.js';
import { ServerSecrets } from '../keys/server-secrets/server-secrets.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { subjectKey } from '../users/subjects.js';
import { UsersModule } from '../users/users.module.js';
import { IdTokenHintReader } from './id-token-hint-reader.js';
import { LogoutDeliveries } from './logout-deliveries.js';
import { LogoutDelivery } from './logout-delivery.entity.js';
import { SessionCookie } from './session-cookie.js';
import { SessionIds } from './session-ids.js';
import { Session } from './session.entity.js';
import { Sessions } from './sessions.js';

/** Keeps sessions, their cookie, and the logout tokens to deliver when they end. */
@Module({
  imports: [
    TypeOrmModule.forFeature([Session, LogoutDelivery]),
    KeysModule,
    UsersModule,
    GrantsModule,
    SecurityEventsModule,
  ],
  providers: [
    Sessions,
    SessionCookie,
    LogoutDeliveries,
    IdTokenHintReader,
    {
      provide: SessionIds,
      useFactory: async (...parameters: Parameters<typeof subjectKey>) =>
        new SessionIds(await subjectKey(...parameters)),
      inject: [ServerSecrets, CONFIG],
    },
  ],
  exports: [Sessions, SessionCookie, SessionIds, LogoutDeliveries, IdTokenHintReader],
})
export class SessionsModule {}
