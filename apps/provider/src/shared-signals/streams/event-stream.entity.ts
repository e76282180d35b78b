import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** Whether events flow (SSF 1.0 §8.1.2.1): enabled; held for later; neither sent nor held. */
export type StreamStatus = 'enabled' | 'paused' | 'disabled';

/**
 * How events come from here to one receiver (SSF 1.0 §8.1.1).
 *
 * `watermark` (`xid8`, which TypeORM does not know) is how far the stream has come: what was written by a transaction
 * before it has been acknowledged, all of it.
 */
@Entity({ name: 'event_streams' })
export class EventStream {
  @PrimaryColumn('uuid')
  id!: string;

  /** The receiver, and the `aud` of what it is sent. */
  @Column({ name: 'client_id', type: 'text' })
  clientId!: string;

  /** Whether the receiver fetches its events (RFC 8936) or is sent them (RFC 8935). */
  @Column({ type: 'text' })
  delivery!: 'poll' | 'push';

  /** Where events are pushed to; null when they are polled for. */
  @Column({ name: 'endpoint_url', type: 'text', nullable: true })
  endpointUrl!: string | null;

  /** The `Authorization` header to push with, encrypted and bound to the id (SSF 1.0 §6.1.1). */
  @Column({ name: 'authorization_header', type: 'bytea', nullable: true })
  authorizationHeader!: Buffer | null;

  /** The URIs of the event types that the receiver asked for; null for all that there are. */
  @Column({ name: 'events_requested', type: 'text', array: true, nullable: true })
  eventsRequested!: string[] | null;

  @Column({ type: 'text', nullable: true })
  description!: string | null;

  @Column({ type: 'text', default: 'enabled' })
  status!: StreamStatus;

  @Column({ name: 'status_reason', type: 'text', nullable: true })
  statusReason!: string | null;

  @Column({ name: 'status_set_by', type: 'text', default: 'receiver' })
  statusSetBy!: 'receiver' | 'transmitter';

  /** Events that are older are not told. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  since!: Date;

  /** When the receiver was last heard of. */
  @Column({ name: 'active_at', type: 'timestamptz', default: () => 'now()' })
  activeAt!: Date;

  /** When the receiver last asked for a verification event. */
  @Column({ name: 'verified_at', type: 'timestamptz', nullable: true })
  verifiedAt!: Date | null;

  /** How often in a row pushing has failed. */
  @Column({ type: 'integer', default: 0 })
  attempts!: number;

  /** From when on events may be pushed; while somebody does, when others may believe that it was given up. */
  @Column({ name: 'next_attempt_at', type: 'timestamptz', default: () => 'now()' })
  nextAttemptAt!: Date;

  /** Since when nothing that was pushed has been taken. */
  @Column({ name: 'failing_since', type: 'timestamptz', nullable: true })
  failingSince!: Date | null;

  /** Why the last attempt failed, or the last event was refused. */
  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
