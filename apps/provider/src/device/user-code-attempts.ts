import { Inject, Injectable } from '@nestjs/common';
import { rateLimiter, type RateLimiter, type RateLimitResult } from '@trefoil/state-store';
import { networkOf } from '@trefoil/server-kit';
import type { Pool } from 'pg';
import { CONFIG, type ProviderConfig } from '../config.js';
import { POOL } from '../database/state-store.module.js';

/** Counts the user codes an address gets wrong, so that none is found by trying (RFC 8628 §5.1). */
@Injectable()
export class UserCodeAttempts {
  private readonly ofAddress: RateLimiter;

  constructor(@Inject(POOL) pool: Pool, @Inject(CONFIG) config: Pick<ProviderConfig, 'DEVICE_ATTEMPTS_PER_ADDRESS'>) {
    const points = config.DEVICE_ATTEMPTS_PER_ADDRESS;
    this.ofAddress = rateLimiter(pool, { name: 'user-code-address', points, durationSeconds: 15 * 60 });
  }

  /** Counts an attempt before it is made, so that many at once are no more than many in a row. */
  begin(address: string): Promise<RateLimitResult> {
    return this.ofAddress.penalize(networkOf(address));
  }

  /** Takes back the count of an attempt that went well. */
  succeeded(address: string): Promise<void> {
    return this.ofAddress.refund(networkOf(address));
  }
}
