import { Inject, Injectable } from '@nestjs/common';
import { Admission } from '@trefoil/server-kit';
import type { StateStore } from '@trefoil/state-store';
import { CONFIG, type WebServerConfig } from '../config.js';
import { type WebServerLimits, webServerLimits } from '../limits.js';
import { STATE_STORE } from './state-store.js';

/** Applies the limits of the server, over all replicas. */
@Injectable()
export class WebServerAdmission extends Admission<WebServerLimits> {
  constructor(@Inject(STATE_STORE) store: StateStore, @Inject(CONFIG) config: WebServerConfig) {
    super(store, webServerLimits(config));
  }
}
