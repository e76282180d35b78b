import { Inject, Injectable } from '@nestjs/common';
import { Admission } from '@trefoil/server-kit';
import { CONFIG, type FrontendConfig } from '../config.js';
import { type FrontendLimits, limitsOf } from '../limits.js';
import { Database } from './database.js';

/** Applies the limits of the frontend, over all replicas. */
@Injectable()
export class FrontendAdmission extends Admission<FrontendLimits> {
  constructor({ pool }: Database, @Inject(CONFIG) config: FrontendConfig) {
    super(pool, limitsOf(config));
  }
}
