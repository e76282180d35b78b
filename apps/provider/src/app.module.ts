import { type DynamicModule, Module } from '@nestjs/common';
import { GuardsModule, resourceMetadataUrl } from '@trefoil/guards';
import { PAGE_ORIGIN } from '@trefoil/server-kit';
import { AccessTokenIssuer, IdTokenIssuer, ResponseSigner } from '@trefoil/token-issuance';
import { AccountApiModule } from './account-api/account-api.module.js';
import { AnomalyWatch } from './anomalies/anomaly-watch.js';
import { authenticationMethodProviders } from './client-authentication/authentication-methods.js';
import { ClientAuthentication } from './client-authentication/client-authentication.js';
import { ClientDocuments } from './client-metadata/client-documents.js';
import { accountApiIdentifier, type ProviderConfig } from './config.js';
import { STATE_STORE } from './database/state-store.module.js';
import { AuthorizationRequestReader } from './endpoints/authorization-request.reader.js';
import { AuthorizationResponder } from './endpoints/authorize/authorization.responder.js';
import { AuthorizeEndpoint } from './endpoints/authorize/authorize.endpoint.js';
import { CodeIssuer } from './endpoints/authorize/code.issuer.js';
import { RequestObjectReader } from './endpoints/authorize/request-object.reader.js';
import { NextStepFinder } from './endpoints/authorize/next-step.finder.js';
import { DeviceAuthorizationEndpoint } from './endpoints/device-authorization/device-authorization.endpoint.js';
import { EndSessionEndpoint } from './endpoints/end-session/end-session.endpoint.js';
import { SignOutRequestReader } from './endpoints/end-session/sign-out-request.reader.js';
import { IntrospectionEndpoint } from './endpoints/introspection/introspection.endpoint.js';
import { TokenIntrospection } from './endpoints/introspection/token-introspection.js';
import { JwksEndpoint } from './endpoints/jwks/jwks.endpoint.js';
import { MetadataEndpoint } from './endpoints/metadata/metadata.endpoint.js';
import { ClientRegistration } from './endpoints/registration/client-registration.js';
import { RegistrationEndpoint } from './endpoints/registration/registration.endpoint.js';
import { ParEndpoint } from './endpoints/par/par.endpoint.js';
import { PublicPushes } from './endpoints/par/public-pushes.js';
import { RevocationEndpoint } from './endpoints/revocation/revocation.endpoint.js';
import { TokenRevocation } from './endpoints/revocation/token-revocation.js';
import { TokenOutcomes } from './endpoints/token/token-outcomes.js';
import { TokenEndpoint } from './endpoints/token/token.endpoint.js';
import { UserClaims } from './endpoints/userinfo/user-claims.js';
import { UserinfoEndpoint } from './endpoints/userinfo/userinfo.endpoint.js';
import { FoundationModule } from './foundation.module.js';
import { grantTypeProviders } from './grant-types/grant-types.js';
import { housekeepingProvider } from './housekeeping/housekeeping.provider.js';
import { TokenStatus } from './model/access-tokens/token-status.js';
import { ModelModule } from './model/model.module.js';
import { KeyUpkeep } from './model/signing-keys/key-upkeep.js';
import { LocalVerificationKeys } from './model/signing-keys/local-verification-keys.js';
import { AccountOverviews } from './pages/account/account-overview.js';
import { AccountPage } from './pages/account/account.page.js';
import { AdminDeliveries } from './pages/admin/admin-deliveries.js';
import { AdminOverviews } from './pages/admin/admin-overviews.js';
import { AdminPage } from './pages/admin/admin.page.js';
import { AuthorizationParties } from './pages/authorization-parties.js';
import { ConsentPage } from './pages/consent/consent.page.js';
import { DeviceAnswers } from './pages/device/device-answers.js';
import { DeviceRequests } from './pages/device/device-requests.js';
import { DevicePage } from './pages/device/device.page.js';
import { UserCodeAttempts } from './pages/device/user-code-attempts.js';
import { HomePage } from './pages/home/home.page.js';
import { OwnPages } from './pages/own-pages.js';
import { SignInAttempts } from './pages/sign-in/sign-in-attempts.js';
import { SignInPage } from './pages/sign-in/sign-in.page.js';
import { SignOutPage } from './pages/sign-out/sign-out.page.js';
import { StyleSheetController } from './pages/style-sheet.controller.js';
import { BackChannelLogout } from './signals/back-channel-logout/back-channel-logout.js';
import { LogoutSender } from './signals/back-channel-logout/logout-sender.js';
import { LogoutTokenIssuer } from './signals/back-channel-logout/logout-token.issuer.js';
import { ChangedClients } from './signals/changed-clients.js';
import { sharedSignalsEndpoints, sharedSignalsProviders } from './signals/shared-signals/shared-signals.js';
import { dpopOptions } from './proof-of-possession/dpop-options.js';
import { ProofReader } from './proof-of-possession/proof-reader.js';

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
