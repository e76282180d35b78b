import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SecurityEventType } from './security-event-type.js';

/**
 * One security-relevant act; rows are only ever added. The table is partitioned by the month of `occurred_at`, and has the
 * transaction that wrote a row as `transaction_id` (`xid8`, which TypeORM does not know).
 */
@Entity({ name: 'security_events' })
export class SecurityEvent {
  /** In the order of writing, which is not that of becoming visible: readers go by (`transaction_id`, `id`). */
  @PrimaryColumn({ type: 'bigint', default: () => "nextval('security_events_id')" })
  id!: string;

  @Column({ name: 'occurred_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  occurredAt!: Date;

  @Column({ type: 'text' })
  type!: SecurityEventType;

  @Column({ type: 'text' })
  outcome!: 'success' | 'failure';

  /** Who did it, when it was neither the user nor the client that it is about: an administrator's id, a command. */
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

  /** The network address the request came from. */
  @Column({ type: 'text', nullable: true })
  address!: string | null;

  /** The `User-Agent` of the request. */
  @Column({ type: 'text', nullable: true })
  agent!: string | null;

  /** The id of the request, as answers and log lines quote it. */
  @Column({ name: 'request_id', type: 'text', nullable: true })
  requestId!: string | null;

  /** What else is worth knowing; never a secret. */
  @Column({ type: 'jsonb', nullable: true })
  details!: Record<string, string> | null;
}
