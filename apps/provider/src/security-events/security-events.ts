import { Injectable } from '@nestjs/common';
import { counter } from '@trefoil/server-kit';
import { DataSource, type EntityManager } from 'typeorm';
import { revokedBy } from './security-event-type.js';
import { SecurityEvent } from './security-event.entity.js';

/** A security event to record. The database sets its id and its time. */
export type SecurityEventContent = Pick<SecurityEvent, 'type' | 'outcome'> &
  Partial<Omit<SecurityEvent, 'id' | 'occurredAt' | 'type' | 'outcome'>>;

/**
 * The channel that notifies readers of new events (`LISTEN`). The notification has no content; readers query the table.
 */
export const SECURITY_EVENTS_CHANNEL = 'security_events';

/** The longest text, in characters, that fits into an index of PostgreSQL: a third of a page at 4 bytes each. */
const MAX_TEXT_LENGTH = 600;

/** Records security events. */
@Injectable()
export class SecurityEvents {
  /** The metric that counts recorded events, without the users and clients they are about. */
  readonly recorded = counter('security_events_total', 'Security events recorded, by type and outcome', [
    'type',
    'outcome',
  ]);

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Records an event, in the caller's transaction when one is given, so that a rollback also removes the event. An
   * event that revokes tokens notifies its readers on every replica when the transaction commits.
   */
  async record(event: SecurityEventContent, transaction: EntityManager = this.dataSource.manager): Promise<void> {
    await transaction.insert(SecurityEvent, storableEvent(event));
    this.recorded.inc({ type: event.type, outcome: event.outcome });
    if (revokedBy(event.type)) await transaction.query(`SELECT pg_notify('${SECURITY_EVENTS_CHANNEL}', '')`);
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
