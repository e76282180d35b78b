import type { AccessToken } from './access-token.js';

/** A token is not handed out in its last seconds: it has to arrive before it expires. */
const ON_ITS_WAY_MILLISECONDS = 5_000;
const RENEW_BEFORE_END_MILLISECONDS = 30_000;
const RENEW_AFTER_SHARE_OF_LIFE = 0.8;
const PAUSE_AFTER_FAILED_RENEWAL_MILLISECONDS = 5_000;

interface Entry {
  token?: AccessToken;
  /** From then on a new token is asked for, while the old one goes on being used. */
  renewAt: number;
  request?: Promise<AccessToken>;
}

/**
 * Tokens by what they were asked for: one request at a time for all who ask, renewed before the end, the least recently
 * used given up when there are too many.
 */
export class TokenCache {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly limit: number,
    private readonly now: () => number,
  ) {}

  /**
   * The token of that key, requested when there is none that lives long enough. A renewal that fails is tried again
   * later; its failure is told only once the old token has ended.
   */
  async get(key: string, request: () => Promise<AccessToken>): Promise<AccessToken> {
    const entry = this.entries.get(key) ?? { renewAt: 0 };
    this.entries.delete(key);
    this.entries.set(key, entry);
    this.dropLeastRecentlyUsed();

    if (!entry.token || this.hasEnded(entry.token)) return this.requestOnce(key, entry, request);
    if (this.now() >= entry.renewAt && !entry.request) {
      entry.renewAt = this.now() + PAUSE_AFTER_FAILED_RENEWAL_MILLISECONDS;
      this.requestOnce(key, entry, request).catch(() => undefined);
    }
    return entry.token;
  }

  /** Gives up a token that was not accepted; one that replaced it meanwhile stays. */
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
      entry.renewAt = renewalOf(requestedAt, token.expiresAt.getTime());
      return token;
    } catch (failure) {
      if (!entry.token && this.entries.get(key) === entry) this.entries.delete(key);
      throw failure;
    }
  }

  private hasEnded({ expiresAt }: AccessToken): boolean {
    return this.now() >= expiresAt.getTime() - ON_ITS_WAY_MILLISECONDS;
  }

  private dropLeastRecentlyUsed(): void {
    for (const key of this.entries.keys()) {
      if (this.entries.size <= this.limit) return;
      this.entries.delete(key);
    }
  }
}

/** At 80 % of a token's life, and 30 s before its end when that is earlier; a short life is halved at the most. */
function renewalOf(start: number, end: number): number {
  const life = end - start;
  return start + Math.min(RENEW_AFTER_SHARE_OF_LIFE * life, Math.max(life - RENEW_BEFORE_END_MILLISECONDS, life / 2));
}
