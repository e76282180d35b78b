import {
  type DynamicModule,
  type FactoryProvider,
  type InjectionToken,
  Module,
  type ModuleMetadata,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import type { ServiceClient } from '@trefoil/service-client';
import type { StateStore } from '@trefoil/state-store';
import { AccessTokenVerifier } from './access-token/access-token-verifier.js';
import { BearerGuard } from './bearer/bearer.guard.js';
import { BearerStrategy, registerBearerStrategy } from './bearer/bearer.strategy.js';
import { DpopProofs } from './dpop/dpop-proofs.js';
import { DpopStrategy } from './dpop/dpop.strategy.js';
import { GUARDS_OPTIONS, type GuardsOptions } from './guards-options.js';
import { RemoteVerificationKeys } from './verification-keys/remote-verification-keys.js';
import { NoRevocations, RevocationList } from './revocation/revocation-list.js';
import { SharedSignalsRevocations } from './revocation/shared-signals-revocations.js';
import { GUARDS_EVERY_ROUTE, RouteRulesCheck } from './route-rules/route-rules-startup-check.js';
import { VerificationKeys } from './verification-keys/verification-keys.js';

/** How the guards are built into an app. */
export interface GuardsSetup {
  /** Whether the guard stands before every route; else each controller asks for it with `@UseGuards(BearerGuard)`. */
  readonly global?: boolean;
  /** The modules that provide what is named below or injected into the factory. */
  readonly imports?: ModuleMetadata['imports'];
  /** Where the keys come from; from the issuer over HTTP when not given. */
  readonly verificationKeys?: Type<VerificationKeys>;
  /** Which tokens have been revoked, for a server that knows by itself. */
  readonly revocationList?: Type<RevocationList>;
  /**
   * This server as a client of the provider: with it, and with a `stateStore`, the server hears of revocations by the
   * provider's stream (SSF 1.0). With neither this nor a list, tokens live until they expire.
   */
  readonly serviceClient?: InjectionToken<ServiceClient>;
  /** Where used DPoP proofs are remembered (a `StateStore`); tokens that are bound to a key are refused when not given. */
  readonly stateStore?: InjectionToken<StateStore>;
}

/** {@link GuardsOptions} that are made of injected parts, and {@link GuardsSetup}. */
export type GuardsAsyncSetup = GuardsSetup & Pick<FactoryProvider<GuardsOptions>, 'inject' | 'useFactory'>;

const bearerStrategy: Provider = {
  provide: BearerStrategy,
  inject: [AccessTokenVerifier, GUARDS_OPTIONS],
  useFactory: (verifier: AccessTokenVerifier, { realm }: GuardsOptions) => registerBearerStrategy(verifier, realm),
};

/** What takes DPoP proofs, and remembers them in that store. */
const dpopProviders = (stateStore: InjectionToken<StateStore>): Provider[] => [
  {
    provide: DpopProofs,
    inject: [GUARDS_OPTIONS, stateStore],
    useFactory: ({ dpop, resource, now }: GuardsOptions, store: StateStore) =>
      new DpopProofs(dpop ?? { publicUrl: resource }, store, now),
  },
  DpopStrategy,
];

/** What knows which tokens have been revoked. */
function revocationProviders({ revocationList, serviceClient, stateStore }: GuardsSetup): Provider[] {
  if (revocationList) return [{ provide: RevocationList, useExisting: revocationList }];
  if (!serviceClient) return [{ provide: RevocationList, useClass: NoRevocations }];
  if (!stateStore) throw new Error('Revocations are heard of by one replica for all: GuardsModule needs a stateStore');
  return [
    {
      provide: SharedSignalsRevocations,
      inject: [VerificationKeys, serviceClient, stateStore, GUARDS_OPTIONS],
      useFactory: (keys: VerificationKeys, service: ServiceClient, store: StateStore, options: GuardsOptions) =>
        new SharedSignalsRevocations(keys, service, store, options),
    },
    { provide: RevocationList, useExisting: SharedSignalsRevocations },
  ];
}

/** The bearer guard of a resource server and what it needs; every module of the app sees it. */
@Module({})
export class GuardsModule {
  static forRoot({
    global,
    imports,
    verificationKeys,
    revocationList,
    serviceClient,
    stateStore,
    ...options
  }: GuardsOptions & GuardsSetup): DynamicModule {
    const setup = { global, imports, verificationKeys, revocationList, serviceClient, stateStore };
    return this.forRootAsync({ ...setup, useFactory: () => options });
  }

  static forRootAsync(setup: GuardsAsyncSetup): DynamicModule {
    const {
      global = false,
      imports = [],
      verificationKeys,
      serviceClient,
      revocationList,
      stateStore,
      inject = [],
      useFactory,
    } = setup;
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
        ...revocationProviders(setup),
        AccessTokenVerifier,
        bearerStrategy,
        ...(stateStore ? dpopProviders(stateStore) : []),
        BearerGuard,
        RouteRulesCheck,
        ...(global ? [{ provide: APP_GUARD, useExisting: BearerGuard }] : []),
      ],
      exports: [
        GUARDS_OPTIONS,
        AccessTokenVerifier,
        BearerStrategy,
        ...(stateStore ? [DpopProofs, DpopStrategy] : []),
        BearerGuard,
        VerificationKeys,
        RevocationList,
        ...(serviceClient && !revocationList ? [SharedSignalsRevocations] : []),
      ],
    };
  }
}
