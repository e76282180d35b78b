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
import { ClaimedSubjects, IntrospectedSubjects, TokenSubjects } from './access-token/token-subjects.js';
import { BearerGuard } from './bearer/bearer.guard.js';
import { BearerStrategy, registerBearerStrategy } from './bearer/bearer.strategy.js';
import { DpopProofs } from './dpop/dpop-proofs.js';
import { DpopStrategy } from './dpop/dpop.strategy.js';
import { GUARDS_OPTIONS, type GuardsOptions } from './guards-options.js';
import { RemoteVerificationKeys } from './verification-keys/remote-verification-keys.js';
import { IntrospectedRevocations } from './revocation/introspected-revocations.js';
import { NoRevocations, RevocationList } from './revocation/revocation-list.js';
import { DEFAULT_REVOCATION_OPTIONS } from './revocation/revocation-options.js';
import { SharedSignalsRevocations } from './revocation/shared-signals-revocations.js';
import { GUARDS_EVERY_ROUTE, RouteRulesStartupCheck } from './route-rules/route-rules-startup-check.js';
import { VerificationKeys } from './verification-keys/verification-keys.js';

/** Configures how the guards are built into an app. */
export interface GuardsSetup {
  /** Whether the guard protects every route. If not, a controller is protected by `@UseGuards(BearerGuard)`. */
  readonly global?: boolean;
  /** The modules that provide the classes and injection tokens named here, and those injected into the factory. */
  readonly imports?: ModuleMetadata['imports'];
  /** Finds the issuer's keys; when not given, they are fetched from the issuer over HTTP. */
  readonly verificationKeys?: Type<VerificationKeys>;
  /** Knows which tokens are revoked, in a server that needs no stream because it keeps the revocations itself. */
  readonly revocationList?: Type<RevocationList>;
  /** Finds the users of tokens with a pairwise `sub`, in a server that knows them without introspection. */
  readonly tokenSubjects?: Type<TokenSubjects>;
  /**
   * This server as a client of the provider. With it and a `stateStore`, the server receives revocations from the
   * provider's stream (SSF 1.0), or asks for them as `revocation.source` says. With neither this nor a `revocationList`, tokens are accepted until they expire. It also
   * asks the provider for the users of tokens with a pairwise `sub`; without it, such a `sub` is taken as it is.
   */
  readonly serviceClient?: InjectionToken<ServiceClient>;
  /** Remembers used DPoP proofs, and shares revocations between replicas. Without it, DPoP-bound tokens are refused. */
  readonly stateStore?: InjectionToken<StateStore>;
}

/** {@link GuardsSetup} with a factory that returns {@link GuardsOptions} and may have dependencies injected. */
export type GuardsAsyncSetup = GuardsSetup & Pick<FactoryProvider<GuardsOptions>, 'inject' | 'useFactory'>;

const bearerStrategy: Provider = {
  provide: BearerStrategy,
  inject: [AccessTokenVerifier, GUARDS_OPTIONS],
  useFactory: (verifier: AccessTokenVerifier, { realm }: GuardsOptions) => registerBearerStrategy(verifier, realm),
};

/** Returns the providers that check DPoP proofs and remember used ones in a store. */
const dpopProviders = (stateStore: InjectionToken<StateStore>): Provider[] => [
  {
    provide: DpopProofs,
    inject: [GUARDS_OPTIONS, stateStore],
    useFactory: ({ dpop, resource, now }: GuardsOptions, store: StateStore) =>
      new DpopProofs(dpop ?? { publicUrl: resource }, store, now),
  },
  DpopStrategy,
];

/** Returns the provider of the revocation list. */
function revocationProvider({ revocationList, serviceClient, stateStore }: GuardsSetup): Provider {
  if (revocationList) return { provide: RevocationList, useExisting: revocationList };
  if (!serviceClient) return { provide: RevocationList, useClass: NoRevocations };
  if (!stateStore) {
    throw new Error(
      'GuardsModule has a serviceClient and no stateStore. Set stateStore: replicas share revocations in it.',
    );
  }
  return {
    provide: RevocationList,
    inject: [VerificationKeys, serviceClient, stateStore, GUARDS_OPTIONS],
    useFactory: (keys: VerificationKeys, service: ServiceClient, store: StateStore, options: GuardsOptions) => {
      const { source = DEFAULT_REVOCATION_OPTIONS.source } = options.revocation ?? {};
      if (source === 'stream') return new SharedSignalsRevocations(keys, service, store, options);
      return source === 'introspection'
        ? new IntrospectedRevocations(service, options.revocation)
        : new NoRevocations();
    },
  };
}

/** Returns the provider that finds the users of tokens. */
function subjectsProvider({ tokenSubjects, serviceClient }: GuardsSetup): Provider {
  if (tokenSubjects) return { provide: TokenSubjects, useExisting: tokenSubjects };
  if (!serviceClient) return { provide: TokenSubjects, useClass: ClaimedSubjects };
  return {
    provide: TokenSubjects,
    inject: [serviceClient, GUARDS_OPTIONS],
    useFactory: (service: ServiceClient, { now = Date.now }: GuardsOptions) => new IntrospectedSubjects(service, now),
  };
}

/** Provides the bearer guard of a resource server to every module of the app. */
@Module({})
export class GuardsModule {
  static forRoot({
    global,
    imports,
    verificationKeys,
    revocationList,
    tokenSubjects,
    serviceClient,
    stateStore,
    ...options
  }: GuardsOptions & GuardsSetup): DynamicModule {
    const setup = { global, imports, verificationKeys, revocationList, tokenSubjects, serviceClient, stateStore };
    return this.forRootAsync({ ...setup, useFactory: () => options });
  }

  static forRootAsync(setup: GuardsAsyncSetup): DynamicModule {
    const { global = false, imports = [], verificationKeys, stateStore, inject = [], useFactory } = setup;
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
        revocationProvider(setup),
        subjectsProvider(setup),
        AccessTokenVerifier,
        bearerStrategy,
        ...(stateStore ? dpopProviders(stateStore) : []),
        BearerGuard,
        RouteRulesStartupCheck,
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
      ],
    };
  }
}
