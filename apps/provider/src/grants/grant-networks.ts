import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { describeError, networkOf } from '@trefoil/server-kit';
import { DataSource } from 'typeorm';

/** The number of (grant, network) pairs that a replica remembers in order not to write them again. */
const CACHE_SIZE = 20_000;
const FLUSH_MILLISECONDS = 1000;

/** A use of a grant from a network. */
interface Use {
  readonly grantId: string;
  readonly network: string;
  readonly seenAt: Date;
}

/**
 * Records the networks from which each grant was used. The anomaly rules look for grants used from a new network. Writes
 * them every second in one statement, so that no request waits for it, and the remaining ones at the shutdown. Those of the
 * last second are lost when the process is killed.
 */
@Injectable()
export class GrantNetworks implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(GrantNetworks.name);
  private readonly known = new Set<string>();
  private waiting: Use[] = [];
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flush(), FLUSH_MILLISECONDS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.isStopping = true;
    await this.flush();
  }

  /** Records that a grant was used from an address, if this replica has not done so before. */
  record(grantId: string, address: string): void {
    const network = networkOf(address);
    const use = `${grantId} ${network}`;
    if (this.known.has(use)) return;
    this.known.add(use);
    this.waiting.push({ grantId, network, seenAt: new Date() });
    const [oldest] = this.known;
    if (this.known.size > CACHE_SIZE && oldest !== undefined) this.known.delete(oldest);
    // Requests that end during the shutdown come after the last flush.
    if (this.isStopping || this.waiting.length >= CACHE_SIZE) void this.flush();
  }

  /** Writes what was recorded since the last time. What cannot be written is recorded again with the next use. */
  private async flush(): Promise<void> {
    const uses = this.waiting;
    if (uses.length === 0) return;
    this.waiting = [];
    try {
      await this.dataSource.query(
        `INSERT INTO grant_networks (grant_id, network, seen_at)
         SELECT grant_id, network, seen_at
         FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS used (grant_id, network, seen_at)
         WHERE EXISTS (SELECT FROM grants WHERE id = grant_id)
         ON CONFLICT DO NOTHING`,
        [uses.map(({ grantId }) => grantId), uses.map(({ network }) => network), uses.map(({ seenAt }) => seenAt)],
      );
    } catch (error) {
      for (const { grantId, network } of uses) this.known.delete(`${grantId} ${network}`);
      this.logger.warn(`The networks of grants cannot be stored now: ${describeError(error)}`);
    }
  }
}
