import { type DynamicModule, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { GuardsModule } from '@trefoil/guards';
import { PAGE_ORIGIN } from '@trefoil/server-kit';
import { AccessTokenIssuer, IdTokenIssuer, TokenDerivation } from '@trefoil/token-issuance';
import { AccountApiModule } from './account-api/account-api.module.js';
import { ClientAuthentication } from './client-authentication/client-authentication.js';
import { accountApiIdentifier, CONFIG, type ProviderConfig } from './config.js';
import { providerDataSource } from './database/data-source.js';
import { StateStoreModule } from './database/state-store.module.js';
import { AuthorizationRequestReader } from './endpoints/authorize/authorization-request.reader.js';
import { AuthorizeEndpoint } from './endpoints/authorize/authorize.endpoint.js';
import { CodeIssuer } from './endpoints/authorize/code.issuer.js';
import { NextStepFinder } from './endpoints/authorize/next-step.finder.js';
import { EndSessionEndpoint } from './endpoints/end-session/end-session.endpoint.js';
import { IdTokenHintReader } from './endpoints/end-session/id-token-hint.reader.js';
import { SignOutRequestReader } from './endpoints/end-session/sign-out-request.reader.js';
import { IntrospectionEndpoint } from './endpoints/introspection/introspection.endpoint.js';
import { TokenIntrospection } from './endpoints/introspection/token-introspection.js';
import { JwksEndpoint } from './endpoints/jwks/jwks.endpoint.js';
import { MetadataEndpoint } from './endpoints/metadata/metadata.endpoint.js';
import { RevocationEndpoint } from './endpoints/revocation/revocation.endpoint.js';
import { TokenRevocation } from './endpoints/revocation/token-revocation.js';
import { TokenEndpoint } from './endpoints/token/token.endpoint.js';
import { UserinfoEndpoint } from './endpoints/userinfo/userinfo.endpoint.js';
import { grantTypeProviders } from './grant-types/grant-types.js';
import { TokenStatus } from './model/access-tokens/token-status.js';
import { ModelModule } from './model/model.module.js';
import { LocalVerificationKeys } from './model/signing-keys/local-verification-keys.js';
import { AuthorizationParties } from './pages/authorization-parties.js';
import { ConsentPage } from './pages/consent/consent.page.js';
import { HomePage } from './pages/home/home.page.js';
import { SignInAttempts } from './pages/sign-in/sign-in-attempts.js';
import { SignInPage } from './pages/sign-in/sign-in.page.js';
import { SignOutPage } from './pages/sign-out/sign-out.page.js';
import { StyleSheetController } from './pages/style-sheet.controller.js';

/** The provider: its endpoints, grant types, pages and model. */
@Module({})
export class AppModule {
  static with(config: ProviderConfig): DynamicModule {
    return {
      module: AppModule,
      global: true,
      imports: [
        TypeOrmModule.forRoot({ ...providerDataSource(config.DATABASE_URL), retryAttempts: 3, retryDelay: 1000 }),
        JwtModule.register({}),
        StateStoreModule,
        ModelModule,
        GuardsModule.forRoot({
          issuer: config.ISSUER,
          resource: accountApiIdentifier(config),
          realm: 'account',
          // Whoever was issued a token for it may come: to whom that is, the registry decides.
          userClients: () => true,
          imports: [ModelModule],
          verificationKeys: LocalVerificationKeys,
          revocationList: TokenStatus,
        }),
        AccountApiModule,
      ],
      controllers: [
        MetadataEndpoint,
        JwksEndpoint,
        AuthorizeEndpoint,
        TokenEndpoint,
        UserinfoEndpoint,
        IntrospectionEndpoint,
        RevocationEndpoint,
        EndSessionEndpoint,
        HomePage,
        SignInPage,
        ConsentPage,
        SignOutPage,
        StyleSheetController,
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: PAGE_ORIGIN, useValue: new URL(config.ISSUER).origin },
        { provide: TokenDerivation, useValue: new TokenDerivation(config.GRANT_KEY) },
        AccessTokenIssuer,
        IdTokenIssuer,
        ClientAuthentication,
        ...grantTypeProviders,
        AuthorizationRequestReader,
        NextStepFinder,
        CodeIssuer,
        IdTokenHintReader,
        SignOutRequestReader,
        AuthorizationParties,
        SignInAttempts,
        TokenIntrospection,
        TokenRevocation,
      ],
      exports: [CONFIG, TokenDerivation],
    };
  }
}
