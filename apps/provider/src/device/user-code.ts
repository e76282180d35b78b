import { Inject, Injectable } from '@nestjs/common';
import { networkOf } from '@trefoil/server-kit';
import { rateLimiter, type RateLimiter, type RateLimitResult } from '@trefoil/state-store';
import { randomInt } from 'node:crypto';
import type { Pool } from 'pg';
import { CONFIG, type ProviderConfig } from '../config.js';
import { POOL } from '../database/state-store.module.js';

// No vowels, so that codes spell no words, and no letters that look like digits (RFC 8628 §6.1). Eight letters have 34
// bits.
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;

/** Generates a user code, in the form in which it is stored. */
export const newUserCode = (): string =>
  Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');

/** Formats a stored user code for display: `XXXX-XXXX`. */
export const formatUserCode = (code: string): string => `${code.slice(0, LENGTH / 2)}-${code.slice(LENGTH / 2)}`;

/** Returns the stored form of a user code that a user typed. Case, hyphens and spaces do not matter (RFC 8628 §6.1). */
export const readUserCode = (typed: string): string => typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');

/** Limits the wrong user codes from one network, so that nobody finds a code by trying (RFC 8628 §5.1). */
@Injectable()
export class UserCodeAttempts {
  private readonly ofAddress: RateLimiter;

  constructor(@Inject(POOL) pool: Pool, @Inject(CONFIG) config: Pick<ProviderConfig, 'DEVICE_ATTEMPTS_PER_ADDRESS'>) {
    const points = config.DEVICE_ATTEMPTS_PER_ADDRESS;
    this.ofAddress = rateLimiter(pool, { name: 'user-code-address', points, durationSeconds: 15 * 60 });
  }

  /** Counts an attempt before the code is looked up, so that concurrent attempts are limited like sequential ones. */
  begin(address: string): Promise<RateLimitResult> {
    return this.ofAddress.penalize(networkOf(address));
  }

  /** Takes back the count of an attempt with a correct code. */
  succeeded(address: string): Promise<void> {
    return this.ofAddress.refund(networkOf(address));
  }
}
