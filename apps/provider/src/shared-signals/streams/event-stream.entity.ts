import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** The delivery methods and their URIs (SSF 1.0 §6.1). */
export const DELIVERY_METHODS = { push: 'urn:ietf:rfc:8935', poll: 'urn:ietf:rfc:8936' } as const;

/** The status of a stream (SSF 1.0 §8.1.2.1): it delivers events, holds them for later, or does neither. */
export type StreamStatus = 'enabled' | 'paused' | 'disabled';

/**
 * A stream of events to one receiver (SSF 1.0 §8.1.1).
 *
 * The column `watermark` (`xid8`, a type that TypeORM does not know) is a transaction id: the receiver has acknowledged
 * all events of earlier transactions.
 */
@Entity({ name: 'event_streams' })
export class EventStream {
  @PrimaryColumn('uuid')
  id!: string;

  /** The client id of the receiver, which is the `aud` of its tokens. */
  @Column({ name: 'client_id', type: 'text' })
  clientId!: string;

  /** The delivery method: poll (RFC 8936) or push (RFC 8935). */
  @Column({ type: 'text' })
  delivery!: keyof typeof DELIVERY_METHODS;

  /** The URL that events are pushed to; null for poll. */
  @Column({ name: 'endpoint_url', type: 'text', nullable: true })
  endpointUrl!: string | null;

  /** The `Authorization` header of push requests, encrypted and bound to the id (SSF 1.0 §6.1.1). */
  @Column({ name: 'authorization_header', type: 'bytea', nullable: true })
  authorizationHeader!: Buffer | null;

  /** The URIs of the event types that the receiver requested; null for all supported ones. */
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

  /** Older events are not delivered. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  since!: Date;

  /** When the receiver sent its last request for this stream. */
  @Column({ name: 'active_at', type: 'timestamptz', default: () => 'now()' })
  activeAt!: Date;

  /** When the receiver last requested a verification event. */
  @Column({ name: 'verified_at', type: 'timestamptz', nullable: true })
  verifiedAt!: Date | null;

  /** The number of failed push attempts in a row. */
  @Column({ type: 'integer', default: 0 })
  attempts!: number;

  /** When events may be pushed next. While a replica pushes, the end of its lease. */
  @Column({ name: 'next_attempt_at', type: 'timestamptz', default: () => 'now()' })
  nextAttemptAt!: Date;

  /** Since when all push attempts have failed; null when the last one succeeded. */
  @Column({ name: 'failing_since', type: 'timestamptz', nullable: true })
  failingSince!: Date | null;

  /** The reason why the last attempt failed or the last event was refused. */
  @Column({ name: 'last_error', type: 'text', nullable: true })
  lastError!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
