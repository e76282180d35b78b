import { Inject, Injectable } from '@nestjs/common';
import { Admission } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import { CONFIG, type FrontendConfig } from '../config.js';
import { type FrontendLimits, limitsOf } from '../limits.js';
import { STATE_STORE } from './state-store.js';

/** Applies the limits of the frontend, over all replicas. */
@Injectable()
export class FrontendAdmission extends Admission<FrontendLimits> {
  constructor(@Inject(STATE_STORE) store: StateStore, @Inject(CONFIG) config: FrontendConfig) {
    super(store, limitsOf(config));
  }
}
