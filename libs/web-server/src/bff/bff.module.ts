import { Module } from '@nestjs/common';
import { AccessTokensModule } from '../access-tokens/access-tokens.module.js';
import { FormsModule } from '../forms/forms.module.js';
import { ProviderClientModule } from '../provider-client/provider-client.module.js';
import { SessionModule } from '../session/session.module.js';
import { ApiProxyController } from './api-proxy.controller.js';
import { ApiRequests } from './api-requests.js';
import { BffUserController } from './bff-user.controller.js';
import { OpenApiResponses } from './open-api-responses.js';

/** The backend for frontends: what scripts of a single-page app may ask this server (RFC 10017 §6.1). */
@Module({
  imports: [AccessTokensModule, FormsModule, ProviderClientModule, SessionModule],
  controllers: [BffUserController, ApiProxyController],
  providers: [ApiRequests, OpenApiResponses],
})
export class BffModule {}
