import { Injectable, Logger } from '@nestjs/common';
import { ProviderClient } from './provider-client.js';

const KEPT_MILLISECONDS = 60_000;
const KEPT_NAMES = 1000;
const PAUSE_MILLISECONDS = 5000;
const ASKED_AT_ONCE = 10;

/** The names of users, as the provider's directory has them; each is remembered for a minute. */
@Injectable()
export class Directory {
  private readonly logger = new Logger(Directory.name);
  // In the order in which they were asked for: the first is the one to forget.
  private readonly known = new Map<string, { name: string | null; until: number }>();
  private pausedUntil = 0;

  constructor(private readonly provider: ProviderClient) {}

  /**
   * The name of each of these users; null when there is no such user, and when the directory cannot be asked: then it is
   * left alone for some seconds.
   */
  async namesOf(users: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    const names = new Map<string, string | null>();
    const asked = [...new Set(users)];
    while (asked.length > 0) {
      const some = asked.splice(0, ASKED_AT_ONCE);
      for (const [user, name] of await Promise.all(
        some.map(async (user) => [user, await this.nameOf(user)] as const),
      )) {
        names.set(user, name);
      }
    }
    return names;
  }

  private async nameOf(user: string): Promise<string | null> {
    const known = this.known.get(user);
    if (known && known.until > Date.now()) return known.name;
    if (Date.now() < this.pausedUntil) return null;
    try {
      const name = (await this.provider.directoryEntry(user))?.name ?? null;
      this.remember(user, name);
      return name;
    } catch (error) {
      this.pausedUntil = Date.now() + PAUSE_MILLISECONDS;
      this.logger.warn(`The directory cannot be asked, names are left out: ${String(error)}`);
      return null;
    }
  }

  private remember(user: string, name: string | null): void {
    this.known.delete(user);
    this.known.set(user, { name, until: Date.now() + KEPT_MILLISECONDS });
    const [oldest] = this.known.keys();
    if (this.known.size > KEPT_NAMES && oldest !== undefined) this.known.delete(oldest);
  }
}
