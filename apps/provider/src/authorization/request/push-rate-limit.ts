import { Inject, Injectable } from '@nestjs/common';
import { temporarilyUnavailable } from '@trefoil/oauth-protocol';
import { rateLimiter, type RateLimiter } from '@trefoil/state-store';
import { networkOf } from '@trefoil/server-kit';
import type { Pool } from 'pg';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { POOL } from '../../database/state-store.module.js';

/**
 * Limits the requests that public clients push, by the network of the sender. Public clients do not authenticate, so
 * anybody can push in their name, and every pushed request is stored for a while.
 */
@Injectable()
export class PushRateLimit {
  private readonly ofAddress: RateLimiter;

  constructor(@Inject(POOL) pool: Pool, @Inject(CONFIG) config: Pick<ProviderConfig, 'PUBLIC_PUSHES_PER_ADDRESS'>) {
    const points = config.PUBLIC_PUSHES_PER_ADDRESS;
    this.ofAddress = rateLimiter(pool, { name: 'public-push', points, durationSeconds: 60 });
  }

  /**
   * Counts a pushed request.
   *
   * @throws OAuthError 429 when the network has pushed too many requests within a minute (RFC 9126 §2.3).
   */
  async count(address: string): Promise<void> {
    const result = await this.ofAddress.penalize(networkOf(address));
    if (result.allowed) return;
    const headers = { 'Retry-After': String(result.retryAfterSeconds) };
    throw temporarilyUnavailable('too many requests were pushed from this address', { headers });
  }
}
