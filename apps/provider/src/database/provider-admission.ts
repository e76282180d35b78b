import { Global, Inject, Injectable, Module } from '@nestjs/common';
import { Admission } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import { CONFIG, type ProviderConfig } from '../config.js';
import { limitsOf, type ProviderLimits } from '../limits.js';
import { STATE_STORE } from './state-store.module.js';

/** Applies the limits of the provider, over all replicas. */
@Injectable()
export class ProviderAdmission extends Admission<ProviderLimits> {
  constructor(@Inject(STATE_STORE) store: StateStore, @Inject(CONFIG) config: ProviderConfig) {
    super(store, limitsOf(config));
  }
}

/** Provides the limits to every feature of the server. */
@Global()
@Module({ providers: [ProviderAdmission], exports: [ProviderAdmission] })
export class AdmissionModule {}
