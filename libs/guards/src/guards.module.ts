import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type ModuleMetadata,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { BearerGuard } from './bearer.guard.js';
import { BearerStrategy, registerBearerStrategy } from './bearer.strategy.js';
import { GUARDS_OPTIONS, type GuardsOptions } from './guards-options.js';
import { RemoteVerificationKeys } from './remote-verification-keys.js';
import { NoRevocations, RevocationList } from './revocation-list.js';
import { GUARDS_EVERY_ROUTE, RouteRulesCheck } from './route-rules-check.js';
import { VerificationKeys } from './verification-keys.js';

/** How the guards are built into an app. */
export interface GuardsSetup {
  /** Whether the guard stands before every route; else each controller asks for it with `@UseGuards(BearerGuard)`. */
  readonly global?: boolean;
  /** The modules that provide what is named below or injected into the factory. */
  readonly imports?: ModuleMetadata['imports'];
  /** Where the keys come from; from the issuer over HTTP when not given. */
  readonly verificationKeys?: Type<VerificationKeys>;
  /** Which tokens have been revoked; none when not given. */
  readonly revocationList?: Type<RevocationList>;
}

/** {@link GuardsOptions} that are made of injected parts, and {@link GuardsSetup}. */
export type GuardsAsyncSetup = GuardsSetup & Pick<FactoryProvider<GuardsOptions>, 'inject' | 'useFactory'>;

const bearerStrategy: Provider = {
  provide: BearerStrategy,
  inject: [AccessTokenVerifier, GUARDS_OPTIONS],
  useFactory: (verifier: AccessTokenVerifier, { realm }: GuardsOptions) => registerBearerStrategy(verifier, realm),
};

/** The bearer guard of a resource server and what it needs; every module of the app sees it. */
@Module({})
export class GuardsModule {
  static forRoot({
    global,
    imports,
    verificationKeys,
    revocationList,
    ...options
  }: GuardsOptions & GuardsSetup): DynamicModule {
    return this.forRootAsync({ global, imports, verificationKeys, revocationList, useFactory: () => options });
  }

  static forRootAsync(setup: GuardsAsyncSetup): DynamicModule {
    const { global = false, imports = [], verificationKeys, revocationList, inject = [], useFactory } = setup;
    return {
      module: GuardsModule,
      global: true,
      imports: [DiscoveryModule, ...imports],
      providers: [
        { provide: GUARDS_OPTIONS, inject, useFactory },
        { provide: GUARDS_EVERY_ROUTE, useValue: global },
        verificationKeys
          ? { provide: VerificationKeys, useExisting: verificationKeys }
          : { provide: VerificationKeys, useClass: RemoteVerificationKeys },
        revocationList
          ? { provide: RevocationList, useExisting: revocationList }
          : { provide: RevocationList, useClass: NoRevocations },
        AccessTokenVerifier,
        bearerStrategy,
        BearerGuard,
        RouteRulesCheck,
        ...(global ? [{ provide: APP_GUARD, useExisting: BearerGuard }] : []),
      ],
      exports: [GUARDS_OPTIONS, AccessTokenVerifier, BearerStrategy, BearerGuard, VerificationKeys, RevocationList],
    };
  }
}
