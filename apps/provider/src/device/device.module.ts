import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { InteractionModule } from '../authorization/interaction/interaction.module.js';
import { ClientAuthenticationModule } from '../clients/authentication/client-authentication.module.js';
import { GrantsModule } from '../grants/grants.module.js';
import { IssuedTokensModule } from '../issued-tokens/issued-tokens.module.js';
import { ResourceServersModule } from '../resource-servers/resource-servers.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { TokenIssuanceModule } from '../token/issuance/token-issuance.module.js';
import { DeviceAuthorizationController } from './device-authorization.controller.js';
import { DeviceAuthorization } from './device-authorization.entity.js';
import { DeviceAuthorizations } from './device-authorizations.js';
import { DeviceCodeGrant } from './device-code.grant.js';
import { DeviceVerificationController } from './device-verification.controller.js';
import { DeviceVerification } from './device-verification.js';

/** Serves the device authorization grant (RFC 8628): its endpoint, its pages and the handler of its device code. */
@Module({
  imports: [
    TypeOrmModule.forFeature([DeviceAuthorization]),
    InteractionModule,
    TokenIssuanceModule,
    ClientAuthenticationModule,
    ResourceServersModule,
    GrantsModule,
    IssuedTokensModule,
    SessionsModule,
    SecurityEventsModule,
  ],
  controllers: [DeviceAuthorizationController, DeviceVerificationController],
  providers: [DeviceAuthorizations, DeviceVerification, DeviceCodeGrant],
  exports: [DeviceCodeGrant],
})
export class DeviceModule {}
