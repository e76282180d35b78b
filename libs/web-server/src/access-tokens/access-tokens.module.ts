import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { ProviderClientModule } from '../provider-client/provider-client.module.js';
import { SessionModule } from '../session/session.module.js';
import { AccessTokens } from './access-tokens.js';
import { RefreshRetrier } from './refresh-retrier.js';
import { TokenRefresher } from './token-refresher.js';

/** The access tokens of sessions, and their refresh. */
@Module({
  imports: [DatabaseModule, ProviderClientModule, SessionModule],
  providers: [TokenRefresher, RefreshRetrier, AccessTokens],
  exports: [AccessTokens],
})
export class AccessTokensModule {}
