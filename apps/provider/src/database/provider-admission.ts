import { Global, Inject, Injectable, Module } from '@nestjs/common';
import { Admission } from '@trefoil/server-kit';
import type { Pool } from 'pg';
import { CONFIG, type ProviderConfig } from '../config.js';
import { limitsOf, type ProviderLimits } from '../limits.js';
import { POOL } from './state-store.module.js';

/** Applies the limits of the provider, over all replicas. */
@Injectable()
export class ProviderAdmission extends Admission<ProviderLimits> {
  constructor(@Inject(POOL) pool: Pool, @Inject(CONFIG) config: ProviderConfig) {
    super(pool, limitsOf(config));
  }
}

/** Provides the limits to every feature of the server. */
@Global()
@Module({ providers: [ProviderAdmission], exports: [ProviderAdmission] })
export class AdmissionModule {}
