import type { AccessToken } from './access-token.js';

/** A token is no longer returned this long before it expires, because it must reach the resource server in time. */
const DELIVERY_MILLISECONDS = 5_000;
const RENEW_BEFORE_EXPIRY_MILLISECONDS = 30_000;
const RENEW_AFTER_SHARE_OF_LIFETIME = 0.8;
const PAUSE_AFTER_FAILED_RENEWAL_MILLISECONDS = 5_000;

interface Entry {
  token?: AccessToken;
  /** Milliseconds since 1970. From then on, a new token is requested in the background. */
  renewAt: number;
  request?: Promise<AccessToken>;
}

/**
 * Caches tokens by key. Concurrent callers share one request, a token is renewed before it expires, and the least recently
 * used entry is dropped when the cache is full.
 */
export class TokenCache {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly limit: number,
    private readonly now: () => number,
  ) {}

  /**
   * Returns the token with this key, and requests it when there is none or it is about to expire. A renewal in the background
   * that fails is tried again later.
   *
   * @throws the error of the request when there is no usable token.
   */
  async get(key: string, request: () => Promise<AccessToken>): Promise<AccessToken> {
    const entry = this.entries.get(key) ?? { renewAt: 0 };
    this.entries.delete(key);
    this.entries.set(key, entry);
    this.dropLeastRecentlyUsed();

    if (!entry.token || this.isExpiring(entry.token)) return this.requestOnce(key, entry, request);
    if (this.now() >= entry.renewAt && !entry.request) {
      entry.renewAt = this.now() + PAUSE_AFTER_FAILED_RENEWAL_MILLISECONDS;
      this.requestOnce(key, entry, request).catch(() => undefined);
    }
    return entry.token;
  }

  /** Discards a token that was not accepted. A token that has replaced it is kept. */
  forget({ value }: Pick<AccessToken, 'value'>): void {
    for (const entry of this.entries.values()) if (entry.token?.value === value) entry.token = undefined;
  }

  private requestOnce(key: string, entry: Entry, request: () => Promise<AccessToken>): Promise<AccessToken> {
    entry.request ??= this.store(key, entry, request).finally(() => (entry.request = undefined));
    return entry.request;
  }

  private async store(key: string, entry: Entry, request: () => Promise<AccessToken>): Promise<AccessToken> {
    const requestedAt = this.now();
    try {
      const token = await request();
      entry.token = token;
      entry.renewAt = renewalTime(requestedAt, token.expiresAt.getTime());
      return token;
    } catch (failure) {
      if (!entry.token && this.entries.get(key) === entry) this.entries.delete(key);
      throw failure;
    }
  }

  private isExpiring({ expiresAt }: AccessToken): boolean {
    return this.now() >= expiresAt.getTime() - DELIVERY_MILLISECONDS;
  }

  private dropLeastRecentlyUsed(): void {
    for (const key of this.entries.keys()) {
      if (this.entries.size <= this.limit) return;
      this.entries.delete(key);
    }
  }
}

/**
 * Returns when a token is renewed: after 80 % of its lifetime, or 30 s before it expires if that is earlier, but never in the
 * first half of its lifetime.
 */
function renewalTime(start: number, end: number): number {
  const lifetime = end - start;
  return (
    start +
    Math.min(
      RENEW_AFTER_SHARE_OF_LIFETIME * lifetime,
      Math.max(lifetime - RENEW_BEFORE_EXPIRY_MILLISECONDS, lifetime / 2),
    )
  );
}
