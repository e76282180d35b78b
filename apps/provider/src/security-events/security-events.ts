import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { counter, describeError } from '@trefoil/server-kit';
import { DataSource, type EntityManager } from 'typeorm';
import { RepeatedFailures } from './repeated-failures.js';
import { revokedBy } from './security-event-type.js';
import { SecurityEvent } from './security-event.entity.js';

/** A security event to record. The database sets its id and its time. */
export type SecurityEventContent = Pick<SecurityEvent, 'type' | 'outcome'> &
  Partial<Omit<SecurityEvent, 'id' | 'occurredAt' | 'type' | 'outcome'>>;

/**
 * The channel that notifies readers of new events (`LISTEN`). The notification has no content; readers query the table.
 */
export const SECURITY_EVENTS_CHANNEL = 'security_events';

/** How long repeated failures are counted before the count is recorded, in milliseconds. */
const COUNTING_MILLISECONDS = 60_000;

/** The longest text, in characters, that fits into an index of PostgreSQL: a third of a page at 4 bytes each. */
const MAX_TEXT_LENGTH = 600;

/** Records security events. While the server runs, repeated failures of one kind from one source become one event with a count. */
@Injectable()
export class SecurityEvents implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** The metric that counts security events, without the users and clients they are about. */
  readonly recorded = counter('security_events_total', 'Security events recorded, by type and outcome', [
    'type',
    'outcome',
  ]);
  private readonly logger = new Logger(SecurityEvents.name);
  private readonly repeated = new RepeatedFailures();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly dataSource: DataSource) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.recordRepeated().catch((error: unknown) =>
        this.logger.warn(`Repeated failures could not be recorded: ${describeError(error)}`),
      );
    }, COUNTING_MILLISECONDS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    // Requests that end during the shutdown record every failure.
    this.timer = undefined;
    await this.recordRepeated();
  }

  /**
   * Records an event, in the caller's transaction when one is given, so that a rollback also removes the event. An
   * event that revokes tokens notifies its readers on every replica when the transaction commits.
   *
   * The first failure that a stranger causes is recorded at once. Those that repeat it within a minute are counted, and
   * recorded as one event with `details.count`.
   */
  async record(event: SecurityEventContent, transaction?: EntityManager): Promise<void> {
    const mayCount = !transaction && this.timer !== undefined;
    if (mayCount && this.repeated.isFull) await this.recordRepeated();
    if (!mayCount || !this.repeated.counts(event)) await this.insert([event], transaction);
    this.countRecorded(event);
  }

  /** Counts an event in the metric. Other statements than those of {@link record} may insert events as well. */
  countRecorded({ type, outcome }: Pick<SecurityEventContent, 'type' | 'outcome'>): void {
    this.recorded.inc({ type, outcome });
  }

  /** Records the failures that were counted since the last time. They are lost when the database is down. */
  async recordRepeated(): Promise<void> {
    const events = this.repeated.take();
    if (events.length > 0) await this.insert(events);
  }

  private async insert(
    events: readonly SecurityEventContent[],
    transaction: EntityManager = this.dataSource.manager,
  ): Promise<void> {
    await transaction.insert(SecurityEvent, events.map(storableEvent));
    if (events.some(({ type }) => revokedBy(type))) {
      await transaction.query(`SELECT pg_notify('${SECURITY_EVENTS_CHANNEL}', '')`);
    }
  }
}

/**
 * Makes the texts of an event storable: shortens them and replaces U+0000 and unpaired surrogates, which PostgreSQL
 * refuses. Otherwise an attacker could choose a client id that prevents the event from being recorded.
 */
export function storableEvent(event: SecurityEventContent): SecurityEventContent {
  const texts = (members: object): object =>
    Object.fromEntries(
      Object.entries(members).map(([name, value]) => [name, typeof value === 'string' ? storableText(value) : value]),
    );
  return {
    ...event,
    ...texts(event),
    ...(event.details && { details: { ...event.details, ...texts(event.details) } }),
  };
}

const storableText = (text: string): string => text.slice(0, MAX_TEXT_LENGTH).replace(/\0|\p{Cs}/gu, '\uFFFD');
