import { sha256 } from '@trefoil/oauth-protocol';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import type { Introspection, ServiceClient } from '@trefoil/service-client';

const KEPT_MILLISECONDS = 1000;
const MOST_ENTRIES = 1000;

interface Entry {
  answer: Promise<Introspection>;
  /** Milliseconds on the clock of the cache. */
  expiresAt: number;
}

/** Asks the provider whether tokens are active (RFC 7662), and keeps each answer for a short time; one second by default. */
export class IntrospectionCache {
  // In the order in which they were requested, which is also the order in which they expire.
  private readonly entries = new Map<string, Entry>();

  /** @param now Milliseconds on a monotonic clock. */
  constructor(
    private readonly service: Pick<ServiceClient, 'introspect'>,
    private readonly now: () => number,
    private readonly keptMilliseconds = KEPT_MILLISECONDS,
  ) {}

  /** @throws DependencyUnavailableError when the provider does not answer. */
  async isActive(token: string): Promise<boolean> {
    return (await this.introspect(token)).active;
  }

  /**
   * Returns what the provider reports about a token.
   *
   * @throws DependencyUnavailableError when the provider does not answer.
   */
  introspect(token: string): Promise<Introspection> {
    const key = sha256(token).toString('base64url');
    const known = this.entries.get(key);
    if (known && known.expiresAt > this.now()) return known.answer;
    const answer = this.ask(token);
    this.entries.delete(key);
    this.entries.set(key, { answer, expiresAt: this.now() + this.keptMilliseconds });
    // An error is not kept: the next call tries again.
    answer.catch(() => this.entries.delete(key));
    this.removeOldest();
    return answer;
  }

  private async ask(token: string): Promise<Introspection> {
    try {
      return await this.service.introspect(token);
    } catch (cause) {
      throw new DependencyUnavailableError('authorization server', { cause });
    }
  }

  private removeOldest(): void {
    for (const [key, { expiresAt }] of this.entries) {
      if (this.entries.size <= MOST_ENTRIES && expiresAt > this.now()) return;
      this.entries.delete(key);
    }
  }
}
