import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SecurityEventType } from './security-event-type.js';

/**
 * One recorded security event. Rows are never changed or deleted; the table is partitioned by the month of
 * `occurred_at`. The column `transaction_id` (`xid8`, a type that TypeORM does not know) holds the inserting
 * transaction.
 */
@Entity({ name: 'security_events' })
export class SecurityEvent {
  /**
   * Increases in the order of inserts. Rows become visible in another order: readers sort by (`transaction_id`, `id`).
   */
  @PrimaryColumn({ type: 'bigint', default: () => "nextval('security_events_id')" })
  id!: string;

  @Column({ name: 'occurred_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  occurredAt!: Date;

  @Column({ type: 'text' })
  type!: SecurityEventType;

  @Column({ type: 'text' })
  outcome!: 'success' | 'failure';

  /**
   * The id of the administrator or the name of the command that caused the event; null for the user or client itself.
   */
  @Column({ type: 'text', nullable: true })
  actor!: string | null;

  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId!: string | null;

  @Column({ name: 'client_id', type: 'text', nullable: true })
  clientId!: string | null;

  @Column({ name: 'session_id', type: 'uuid', nullable: true })
  sessionId!: string | null;

  @Column({ name: 'grant_id', type: 'uuid', nullable: true })
  grantId!: string | null;

  /** The `jti` of an access token. */
  @Column({ name: 'token_id', type: 'text', nullable: true })
  tokenId!: string | null;

  /** The network address of the request. */
  @Column({ type: 'text', nullable: true })
  address!: string | null;

  /** The `User-Agent` of the request. */
  @Column({ type: 'text', nullable: true })
  agent!: string | null;

  /** The id of the request, which responses and log lines also contain. */
  @Column({ name: 'request_id', type: 'text', nullable: true })
  requestId!: string | null;

  /** Further details of the event; never a secret. */
  @Column({ type: 'jsonb', nullable: true })
  details!: Record<string, string> | null;
}
