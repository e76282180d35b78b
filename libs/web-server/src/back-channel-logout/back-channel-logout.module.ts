import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { ProviderClientModule } from '../provider-client/provider-client.module.js';
import { SessionModule } from '../session/session.module.js';
import { BackChannelLogoutController } from './back-channel-logout.controller.js';
import { LogoutTokenVerifier } from './logout-token-verifier.js';

/** Logout messages of the provider (OpenID Connect Back-Channel Logout 1.0). */
@Module({
  imports: [DatabaseModule, ProviderClientModule, SessionModule],
  controllers: [BackChannelLogoutController],
  providers: [LogoutTokenVerifier],
})
export class BackChannelLogoutModule {}
