import { type DynamicModule, Module } from '@nestjs/common';
import { GuardsModule, resourceMetadataUrl } from '@trefoil/guards';
import { PAGE_ORIGIN } from '@trefoil/server-kit';
import { AccessTokenIssuer, IdTokenIssuer, ResponseSigner } from '@trefoil/token-issuance';
import { AccountApiModule } from './users/account-api/account-api.module.js';
import { AnomalyWatch } from './security-events/anomalies/anomaly-watch.js';
import { authenticationMethodProviders } from './clients/authentication/authentication-methods.js';
import { ClientAuthentication } from './clients/authentication/client-authentication.js';
import { ClientDocuments } from './clients/metadata/client-documents.js';
import { accountApiIdentifier, type ProviderConfig } from './config.js';
import { STATE_STORE } from './database/state-store.module.js';
import { AuthorizationRequestReader } from './authorization/request/authorization-request-reader.js';
import { AuthorizationResponder } from './authorization/response/authorization-responder.js';
import { AuthorizeEndpoint } from './authorization/authorize.controller.js';
import { CodeIssuer } from './authorization/response/code-issuer.js';
import { RequestObjectReader } from './authorization/request/request-object-reader.js';
import { NextStepFinder } from './authorization/interaction/next-step-finder.js';
import { DeviceAuthorizationEndpoint } from './device/device-authorization.controller.js';
import { EndSessionEndpoint } from './sessions/sign-out/end-session.controller.js';
import { SignOutRequestReader } from './sessions/sign-out/sign-out-request-reader.js';
import { IntrospectionEndpoint } from './issued-tokens/introspection/introspection.controller.js';
import { TokenIntrospection } from './issued-tokens/introspection/token-introspection.js';
import { JwksEndpoint } from './keys/jwks/jwks.controller.js';
import { MetadataEndpoint } from './metadata/metadata.controller.js';
import { ClientRegistration } from './clients/registration/client-registration.js';
import { RegistrationEndpoint } from './clients/registration/registration.controller.js';
import { ParEndpoint } from './authorization/par.controller.js';
import { PublicPushes } from './authorization/request/public-pushes.js';
import { RevocationEndpoint } from './issued-tokens/revocation/revocation.controller.js';
import { TokenRevocation } from './issued-tokens/revocation/token-revocation.js';
import { TokenOutcomes } from './token/token-outcomes.js';
import { TokenEndpoint } from './token/token.controller.js';
import { UserClaims } from './users/userinfo/user-claims.js';
import { UserinfoEndpoint } from './users/userinfo/userinfo.controller.js';
import { FoundationModule } from './foundation.module.js';
import { grantTypeProviders } from './token/grant-types.js';
import { housekeepingProvider } from './housekeeping/housekeeping.provider.js';
import { TokenStatus } from './issued-tokens/token-status.js';
import { ModelModule } from './model.module.js';
import { KeyUpkeep } from './keys/key-upkeep.js';
import { LocalVerificationKeys } from './keys/local-verification-keys.js';
import { AccountOverviews } from './account/account-overview.js';
import { AccountPage } from './account/account.controller.js';
import { AdminDeliveries } from './admin/admin-deliveries.js';
import { AdminOverviews } from './admin/admin-overviews.js';
import { AdminPage } from './admin/admin.controller.js';
import { AuthorizationParties } from './authorization/interaction/authorization-parties.js';
import { ConsentPage } from './authorization/consent/consent.controller.js';
import { DeviceAnswers } from './device/device-answers.js';
import { DeviceRequests } from './device/device-requests.js';
import { DevicePage } from './device/device.controller.js';
import { UserCodeAttempts } from './device/user-code-attempts.js';
import { HomePage } from './home/home.controller.js';
import { OwnPages } from './sessions/sign-in/own-pages.js';
import { SignInAttempts } from './sessions/sign-in/sign-in-attempts.js';
import { SignInPage } from './sessions/sign-in/sign-in.controller.js';
import { SignOutPage } from './sessions/sign-out/sign-out.controller.js';
import { StyleSheetController } from './http/style-sheet.controller.js';
import { BackChannelLogout } from './back-channel-logout/back-channel-logout.js';
import { LogoutSender } from './back-channel-logout/logout-sender.js';
import { LogoutTokenIssuer } from './back-channel-logout/logout-token-issuer.js';
import { ChangedClients } from './shared-signals/delivery/changed-clients.js';
import { sharedSignalsEndpoints, sharedSignalsProviders } from './shared-signals/shared-signals.module.js';
import { dpopOptions } from './token/dpop/dpop-options.js';
import { ProofReader } from './token/dpop/proof-reader.js';

/** The provider: its endpoints, grant types, pages and model. */
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
          // Whoever was issued a token for it may come: to whom that is, the registry decides.
          userClients: () => true,
          imports: [ModelModule],
          verificationKeys: LocalVerificationKeys,
          revocationList: TokenStatus,
          dpop: dpopOptions(config),
          stateStore: STATE_STORE,
        }),
        AccountApiModule,
      ],
      controllers: [
        MetadataEndpoint,
        JwksEndpoint,
        AuthorizeEndpoint,
        ParEndpoint,
        TokenEndpoint,
        UserinfoEndpoint,
        IntrospectionEndpoint,
        RevocationEndpoint,
        RegistrationEndpoint,
        DeviceAuthorizationEndpoint,
        EndSessionEndpoint,
        ...sharedSignalsEndpoints,
        HomePage,
        SignInPage,
        ConsentPage,
        DevicePage,
        SignOutPage,
        AccountPage,
        AdminPage,
        StyleSheetController,
      ],
      providers: [
        { provide: PAGE_ORIGIN, useValue: new URL(config.ISSUER).origin },
        KeyUpkeep,
        housekeepingProvider,
        AccessTokenIssuer,
        IdTokenIssuer,
        ResponseSigner,
        ...authenticationMethodProviders,
        ClientAuthentication,
        ProofReader,
        ...grantTypeProviders,
        AuthorizationRequestReader,
        RequestObjectReader,
        PublicPushes,
        NextStepFinder,
        AuthorizationResponder,
        CodeIssuer,
        SignOutRequestReader,
        AuthorizationParties,
        OwnPages,
        AccountOverviews,
        AdminOverviews,
        AdminDeliveries,
        SignInAttempts,
        UserCodeAttempts,
        DeviceRequests,
        DeviceAnswers,
        UserClaims,
        AnomalyWatch,
        TokenOutcomes,
        TokenIntrospection,
        TokenRevocation,
        LogoutTokenIssuer,
        LogoutSender,
        BackChannelLogout,
        ChangedClients,
        ...sharedSignalsProviders,
        ClientRegistration,
        ClientDocuments,
      ],
    };
  }
}
