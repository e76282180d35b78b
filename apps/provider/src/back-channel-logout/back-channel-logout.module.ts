import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { EventNotificationsModule } from '../security-events/notifications/event-notifications.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { LogoutDispatcher } from './logout-dispatcher.js';
import { LogoutSender } from './logout-sender.js';
import { LogoutTokenIssuer } from './logout-token-issuer.js';

/** Sends logout tokens to the clients of ended sessions (OpenID Connect Back-Channel Logout 1.0). */
@Module({
  imports: [SessionsModule, ClientsModule, UsersModule, KeysModule, EventNotificationsModule],
  providers: [LogoutDispatcher, LogoutSender, LogoutTokenIssuer],
  exports: [LogoutSender],
})
export class BackChannelLogoutModule {}
