import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** The kinds of security events that are recorded. */
export type SecurityEventType =
  | 'sign-in'
  | 'sign-out'
  | 'client-authentication'
  | 'client-registered'
  | 'client-updated'
  | 'client-removed'
  | 'consent'
  | 'code-reuse'
  | 'refresh-token-reuse'
  | 'grant-revoked'
  | 'token-revoked';

/** One security-relevant act; rows are only ever added. */
@Entity({ name: 'security_events' })
export class SecurityEvent {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: string;

  @Column({ name: 'occurred_at', type: 'timestamptz', default: () => 'now()' })
  occurredAt!: Date;

  @Column({ type: 'text' })
  type!: SecurityEventType;

  @Column({ type: 'text' })
  outcome!: 'success' | 'failure';

  @Column({ name: 'user_id', type: 'uuid', nullable: true })
  userId!: string | null;

  @Column({ name: 'client_id', type: 'text', nullable: true })
  clientId!: string | null;

  @Column({ name: 'session_id', type: 'uuid', nullable: true })
  sessionId!: string | null;

  @Column({ name: 'grant_id', type: 'uuid', nullable: true })
  grantId!: string | null;

  /** The network address the request came from. */
  @Column({ type: 'text', nullable: true })
  address!: string | null;

  /** The id of the request, as answers and log lines quote it. */
  @Column({ name: 'request_id', type: 'text', nullable: true })
  requestId!: string | null;

  /** What else is worth knowing; never a secret. */
  @Column({ type: 'jsonb', nullable: true })
  details!: Record<string, string> | null;
}
