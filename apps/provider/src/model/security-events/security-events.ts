import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SecurityEvent } from './security-event.entity.js';

/** What is recorded of a security event; its time and id are the database's. */
export type SecurityEventContent = Pick<SecurityEvent, 'type' | 'outcome'> &
  Partial<Omit<SecurityEvent, 'id' | 'occurredAt' | 'type' | 'outcome'>>;

/** The record of security-relevant acts. */
@Injectable()
export class SecurityEvents {
  constructor(private readonly dataSource: DataSource) {}

  /** Records an event, in the caller's transaction when one is given: what is undone was never recorded. */
  async record(event: SecurityEventContent, transaction: EntityManager = this.dataSource.manager): Promise<void> {
    await transaction.insert(SecurityEvent, event);
  }
}
