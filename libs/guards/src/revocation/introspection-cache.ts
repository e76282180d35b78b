import { sha256 } from '@trefoil/oauth-protocol';
import { DependencyUnavailableError } from '@trefoil/server-kit';
import type { ServiceClient } from '@trefoil/service-client';

const KEPT_MILLISECONDS = 1000;
const MOST_KEPT = 1000;

interface Asked {
  answer: Promise<boolean>;
  until: number;
}

/** What the provider says of tokens when it is asked (RFC 7662), each answer for a second. */
export class Introspections {
  // In the order in which they were asked for, and so in that of their ends.
  private readonly asked = new Map<string, Asked>();

  constructor(
    private readonly service: Pick<ServiceClient, 'isActive'>,
    private readonly now: () => number,
  ) {}

  /** @throws DependencyUnavailableError when the provider cannot be asked. */
  isActive(token: string): Promise<boolean> {
    const key = sha256(token).toString('base64url');
    const known = this.asked.get(key);
    if (known && known.until > this.now()) return known.answer;
    const answer = this.ask(token);
    this.asked.delete(key);
    this.asked.set(key, { answer, until: this.now() + KEPT_MILLISECONDS });
    // What failed is asked for again by the next one.
    answer.catch(() => this.asked.delete(key));
    this.forgetOldest();
    return answer;
  }

  private async ask(token: string): Promise<boolean> {
    try {
      return await this.service.isActive(token);
    } catch (cause) {
      throw new DependencyUnavailableError('authorization server', { cause });
    }
  }

  private forgetOldest(): void {
    for (const [key, { until }] of this.asked) {
      if (this.asked.size <= MOST_KEPT && until > this.now()) return;
      this.asked.delete(key);
    }
  }
}
