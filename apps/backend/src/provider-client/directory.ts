import { Injectable, Logger } from '@nestjs/common';
import { describeError } from '@trefoil/server-kit';
import { ProviderClient } from './provider-client.js';

const CACHED_MILLISECONDS = 60_000;
const CACHED_NAMES = 1000;
const PAUSE_MILLISECONDS = 5000;
const PARALLEL_LOOKUPS = 10;

/** Looks up the names of users in the provider's directory, and caches each name for a minute. */
@Injectable()
export class Directory {
  private readonly logger = new Logger(Directory.name);
  // In the order of the look-ups, so that the first entry is the oldest.
  private readonly cached = new Map<string, { name: string | null; until: number }>();
  private pausedUntil = 0;

  constructor(private readonly provider: ProviderClient) {}

  /**
   * Returns the name of each user, or null when there is no such user or the directory cannot be reached. After a failure
   * the directory is not asked again for 5 seconds.
   */
  async namesOf(users: readonly string[]): Promise<ReadonlyMap<string, string | null>> {
    const names = new Map<string, string | null>();
    const pending = [...new Set(users)];
    while (pending.length > 0) {
      const some = pending.splice(0, PARALLEL_LOOKUPS);
      for (const [user, name] of await Promise.all(
        some.map(async (user) => [user, await this.nameOf(user)] as const),
      )) {
        names.set(user, name);
      }
    }
    return names;
  }

  private async nameOf(user: string): Promise<string | null> {
    const cached = this.cached.get(user);
    if (cached && cached.until > Date.now()) return cached.name;
    if (Date.now() < this.pausedUntil) return null;
    try {
      const name = (await this.provider.directoryEntry(user))?.name ?? null;
      this.cache(user, name);
      return name;
    } catch (error) {
      this.pausedUntil = Date.now() + PAUSE_MILLISECONDS;
      this.logger.warn(`The directory cannot be reached, names are omitted: ${describeError(error)}`);
      return null;
    }
  }

  private cache(user: string, name: string | null): void {
    this.cached.delete(user);
    this.cached.set(user, { name, until: Date.now() + CACHED_MILLISECONDS });
    const [oldest] = this.cached.keys();
    if (this.cached.size > CACHED_NAMES && oldest !== undefined) this.cached.delete(oldest);
  }
}
