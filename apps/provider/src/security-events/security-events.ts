import { Injectable } from '@nestjs/common';
import { counter } from '@trefoil/server-kit';
import { DataSource, type EntityManager } from 'typeorm';
import { endedBy } from './security-event-type.js';
import { SecurityEvent } from './security-event.entity.js';
import { storableEvent } from './storable-event.js';

/** What is recorded of a security event; its time and id are the database's. */
export type SecurityEventContent = Pick<SecurityEvent, 'type' | 'outcome'> &
  Partial<Omit<SecurityEvent, 'id' | 'occurredAt' | 'type' | 'outcome'>>;

/** The channel (`LISTEN`) that wakes who passes events on; a message says only that there is something to read. */
export const SECURITY_EVENTS_CHANNEL = 'security_events';

/** The record of security-relevant acts. */
@Injectable()
export class SecurityEvents {
  /** For `/metrics`; says what happens, never to whom. */
  readonly recorded = counter('security_events_total', 'Security events recorded, by type and outcome', [
    'type',
    'outcome',
  ]);

  constructor(private readonly dataSource: DataSource) {}

  /**
   * Records an event, in the caller's transaction when one is given: what is undone was never recorded. An event that
   * ends something wakes its readers when the transaction is committed, at whichever replica they are.
   */
  async record(event: SecurityEventContent, transaction: EntityManager = this.dataSource.manager): Promise<void> {
    await transaction.insert(SecurityEvent, storableEvent(event));
    this.recorded.inc({ type: event.type, outcome: event.outcome });
    if (endedBy(event.type)) await transaction.query(`SELECT pg_notify('${SECURITY_EVENTS_CHANNEL}', '')`);
  }
}
