import { Inject, Injectable } from '@nestjs/common';
import { temporarilyUnavailable } from '@trefoil/oauth-protocol';
import { rateLimiter, type RateLimiter } from '@trefoil/state-store';
import { networkOf } from '@trefoil/server-kit';
import type { Pool } from 'pg';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { POOL } from '../../database/state-store.module.js';

/**
 * Counts the requests that public clients push, by address: anybody can push in the name of a client that proves
 * nothing, and each is kept for a while.
 */
@Injectable()
export class PublicPushes {
  private readonly ofAddress: RateLimiter;

  constructor(@Inject(POOL) pool: Pool, @Inject(CONFIG) config: Pick<ProviderConfig, 'PUBLIC_PUSHES_PER_ADDRESS'>) {
    const points = config.PUBLIC_PUSHES_PER_ADDRESS;
    this.ofAddress = rateLimiter(pool, { name: 'public-push', points, durationSeconds: 60 });
  }

  /** @throws OAuthError 429 when there were too many within the last minute (RFC 9126 §2.3). */
  async count(address: string): Promise<void> {
    const result = await this.ofAddress.penalize(networkOf(address));
    if (result.allowed) return;
    const headers = { 'Retry-After': String(result.retryAfterSeconds) };
    throw temporarilyUnavailable('too many requests were pushed from this address', { headers });
  }
}
