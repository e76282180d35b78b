import { Inject, Injectable } from '@nestjs/common';
import { rateLimiter, type RateLimiter, type RateLimitResult } from '@trefoil/state-store';
import { networkOf } from '@trefoil/server-kit';
import type { Pool } from 'pg';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { POOL } from '../../database/state-store.module.js';

type Limits = Pick<ProviderConfig, 'SIGN_IN_ATTEMPTS_PER_ACCOUNT' | 'SIGN_IN_ATTEMPTS_PER_ADDRESS'>;

const durationSeconds = 15 * 60;

/**
 * Limits the failed sign-ins to each account and from each network address. Accounts are counted by the name that was
 * typed, so that an unknown account behaves like an existing one.
 */
@Injectable()
export class SignInLimits {
  private readonly ofAccount: RateLimiter;
  private readonly ofAddress: RateLimiter;

  constructor(@Inject(POOL) pool: Pool, @Inject(CONFIG) config: Limits) {
    const points = config.SIGN_IN_ATTEMPTS_PER_ACCOUNT;
    this.ofAccount = rateLimiter(pool, { name: 'sign-in-account', points, durationSeconds });
    const addressPoints = config.SIGN_IN_ATTEMPTS_PER_ADDRESS;
    this.ofAddress = rateLimiter(pool, { name: 'sign-in-address', points: addressPoints, durationSeconds });
  }

  /** Counts an attempt before it is made, so that parallel attempts cannot exceed the limit. Returns whether it is allowed. */
  async begin(username: string, address: string): Promise<RateLimitResult> {
    const result = await this.ofAddress.penalize(networkOf(address));
    // An address over its limit must not be able to lock accounts.
    return result.allowed ? this.ofAccount.penalize(accountOf(username)) : result;
  }

  /** Takes back the count of an attempt that succeeded. */
  async succeeded(username: string, address: string): Promise<void> {
    await this.ofAddress.refund(networkOf(address));
    await this.ofAccount.refund(accountOf(username));
  }
}

const accountOf = (username: string): string => username.trim().toLowerCase();
