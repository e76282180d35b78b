import { type DynamicModule, Module } from '@nestjs/common';
import { GuardsModule, resourceMetadataUrl } from '@trefoil/guards';
import { NdjsonModule } from '@trefoil/resource-api';
import { AccountModule } from './account/account.module.js';
import { AdminApiModule } from './admin/api/admin-api.module.js';
import { AdminModule } from './admin/admin.module.js';
import { AuthorizationModule } from './authorization/authorization.module.js';
import { BackChannelLogoutModule } from './back-channel-logout/back-channel-logout.module.js';
import { ClientRegistrationModule } from './clients/registration/client-registration.module.js';
import { accountApiIdentifier, type ProviderConfig } from './config.js';
import { AdmissionModule } from './database/provider-admission.js';
import { STATE_STORE } from './database/state-store.module.js';
import { DeviceModule } from './device/device.module.js';
import { FoundationModule } from './foundation/foundation.module.js';
import { HomeModule } from './home/home.module.js';
import { HousekeepingModule } from './housekeeping/housekeeping.module.js';
import { PagesModule } from './http/pages.module.js';
import { IntrospectionModule } from './issued-tokens/introspection/introspection.module.js';
import { IssuedTokensModule } from './issued-tokens/issued-tokens.module.js';
import { RevocationModule } from './issued-tokens/revocation/revocation.module.js';
import { GrantSubjects } from './issued-tokens/grant-subjects.js';
import { TokenStatus } from './issued-tokens/token-status.js';
import { JwksModule } from './keys/jwks/jwks.module.js';
import { KeysModule } from './keys/keys.module.js';
import { LocalVerificationKeys } from './keys/local-verification-keys.js';
import { OPEN_STREAMS } from './limits.js';
import { MetadataModule } from './metadata/metadata.module.js';
import { AnomaliesModule } from './security-events/anomalies/anomalies.module.js';
import { SecurityEventsApiModule } from './security-events/api/security-events-api.module.js';
import { SignInModule } from './sessions/sign-in/sign-in.module.js';
import { SignOutModule } from './sessions/sign-out/sign-out.module.js';
import { SharedSignalsModule } from './shared-signals/shared-signals.module.js';
import { dpopOptions } from './token/dpop/dpop-options.js';
import { TokenModule } from './token/token.module.js';
import { AccountApiModule } from './users/account-api/account-api.module.js';
import { UserinfoModule } from './users/userinfo/userinfo.module.js';

/** Assembles the provider from its features. */
@Module({})
export class AppModule {
  static with(config: ProviderConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        FoundationModule.with(config),
        GuardsModule.forRoot({
          issuer: config.ISSUER,
          resource: accountApiIdentifier(config),
          realm: 'account',
          resourceMetadata: resourceMetadataUrl(accountApiIdentifier(config)),
          // The registration of the account API decides which clients are issued tokens for it; all of those may use it.
          userClients: () => true,
          imports: [KeysModule, IssuedTokensModule],
          verificationKeys: LocalVerificationKeys,
          revocationList: TokenStatus,
          tokenSubjects: GrantSubjects,
          dpop: dpopOptions(config),
          stateStore: STATE_STORE,
        }),
        AdmissionModule,
        NdjsonModule.forRootAsync({
          useFactory: () => ({ openStreams: OPEN_STREAMS, idleSeconds: config.STREAM_IDLE_SECONDS }),
        }),
        PagesModule.with(config),
        MetadataModule,
        JwksModule,
        AuthorizationModule,
        TokenModule,
        DeviceModule,
        IntrospectionModule,
        RevocationModule,
        ClientRegistrationModule,
        UserinfoModule,
        AccountApiModule,
        SecurityEventsApiModule,
        SharedSignalsModule,
        BackChannelLogoutModule,
        HomeModule,
        SignInModule,
        SignOutModule,
        AccountModule,
        AdminModule,
        AdminApiModule,
        AnomaliesModule,
        HousekeepingModule,
      ],
    };
  }
}
