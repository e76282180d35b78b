import { Module } from '@nestjs/common';
import { AccessTokensModule } from '../access-tokens/access-tokens.module.js';
import { ProviderClientModule } from '../provider-client/provider-client.module.js';
import { BackendClient } from './backend-client.js';
import { BackendRequests } from './backend-requests.js';

/** The backend's API, called for the user of a session. */
@Module({
  imports: [AccessTokensModule, ProviderClientModule],
  providers: [BackendRequests, BackendClient],
  exports: [BackendClient],
})
export class BackendClientModule {}
