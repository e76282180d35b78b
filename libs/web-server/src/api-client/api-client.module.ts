import { Module } from '@nestjs/common';
import { AccessTokensModule } from '../access-tokens/access-tokens.module.js';
import { ProviderClientModule } from '../provider-client/provider-client.module.js';
import { ApiClients } from './api-clients.js';

/** The APIs, called for the user of a session. */
@Module({
  imports: [AccessTokensModule, ProviderClientModule],
  providers: [ApiClients],
  exports: [ApiClients],
})
export class ApiClientModule {}
