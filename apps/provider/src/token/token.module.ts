import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { ClientAuthenticationModule } from '../clients/authentication/client-authentication.module.js';
import { DeviceModule } from '../device/device.module.js';
import { GrantsModule } from '../grants/grants.module.js';
import { IssuedTokensModule } from '../issued-tokens/issued-tokens.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { ResourceServersModule } from '../resource-servers/resource-servers.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { UsersModule } from '../users/users.module.js';
import { DpopModule } from './dpop/dpop.module.js';
import { GRANT_TYPES, grantTypeProviders } from './grant-types.js';
import { TokenIssuanceModule } from './issuance/token-issuance.module.js';
import { TokenConfirmations } from './token-confirmations.js';
import { TokenRequestRecorder } from './token-request-recorder.js';
import { TokenController } from './token.controller.js';

/** Serves `/token` with all supported grant types. */
@Module({
  imports: [
    TokenIssuanceModule,
    DeviceModule,
    DpopModule,
    ClientAuthenticationModule,
    ClientsModule,
    GrantsModule,
    UsersModule,
    ResourceServersModule,
    IssuedTokensModule,
    SecurityEventsModule,
    SessionsModule,
    KeysModule,
  ],
  controllers: [TokenController],
  providers: [TokenConfirmations, TokenRequestRecorder, ...grantTypeProviders],
  exports: [GRANT_TYPES],
})
export class TokenModule {}
