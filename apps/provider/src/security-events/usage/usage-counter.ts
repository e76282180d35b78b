import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { counter, describeError } from '@trefoil/server-kit';
import { hourOf, Usage, type UsageCount, type UsageMeasure, type UsageSubjectKind } from './usage.js';

const FLUSH_MILLISECONDS = 5000;

/** The most counts that are kept in memory. While the database is down, further counts of users are dropped. */
const MAX_COUNTS = 50_000;

/**
 * Counts usage in memory and stores it every five seconds and at shutdown, so that issuing a machine token touches no
 * table. Counts since the last time are lost when the process is killed; the security events are the reliable record.
 */
@Injectable()
export class UsageCounter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** The metric that counts usage, without the users and clients. */
  readonly total = counter('usage_total', 'Tokens issued by grant type, token requests refused, introspections', [
    'measure',
  ]);
  private readonly logger = new Logger(UsageCounter.name);
  private counts = new Map<string, UsageCount>();
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> | undefined;
  private isStopping = false;

  constructor(private readonly usage: Usage) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.flushOrKeep(), FLUSH_MILLISECONDS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.isStopping = true;
    await this.flushing;
    await this.flushOrKeep();
  }

  /** Counts one for a client, and for the user on whose behalf it acted, if any. */
  count(measure: UsageMeasure, clientId: string, userId?: string, now = Date.now()): void {
    this.total.inc({ measure });
    this.add('client', clientId, measure, now);
    if (userId !== undefined) this.add('user', userId, measure, now);
    // Requests that end during the shutdown come after the last flush.
    if (this.isStopping) void this.flushOrKeep();
  }

  /** Stores the counts. Counts that cannot be stored are kept for the next time. */
  async flush(): Promise<void> {
    await this.flushing;
    if (this.counts.size === 0) return;
    const taken = this.counts;
    this.counts = new Map();
    this.flushing = this.usage
      .add([...taken.values()])
      .catch((error: unknown) => {
        for (const count of taken.values()) this.put(count);
        throw error;
      })
      .finally(() => (this.flushing = undefined));
    await this.flushing;
  }

  private async flushOrKeep(): Promise<void> {
    await this.flush().catch((error: unknown) =>
      this.logger.warn(`Usage cannot be stored now and is kept: ${describeError(error)}`),
    );
  }

  private add(kind: UsageSubjectKind, subject: string, measure: UsageMeasure, now: number): void {
    if (kind === 'user' && this.counts.size >= MAX_COUNTS) return;
    this.put({ hour: hourOf(now), kind, subject, measure, count: 1 });
  }

  private put(added: UsageCount): void {
    const key = JSON.stringify([added.hour.getTime(), added.kind, added.subject, added.measure]);
    const count = (this.counts.get(key)?.count ?? 0) + added.count;
    this.counts.set(key, { ...added, count });
  }
}
