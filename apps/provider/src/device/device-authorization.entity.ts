import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A device that waits for its person to sign in elsewhere (RFC 8628). */
@Entity({ name: 'device_authorizations' })
export class DeviceAuthorization {
  @PrimaryColumn('uuid')
  id!: string;

  /** SHA-256; the device code itself is random, so nothing slower is needed. */
  @Column({ name: 'device_code_hash', type: 'bytea' })
  deviceCodeHash!: Buffer;

  /** What the person types, without the hyphen it is shown with. */
  @Column({ name: 'user_code', type: 'text' })
  userCode!: string;

  @Column({ name: 'client_id', type: 'text' })
  clientId!: string;

  @Column({ type: 'text', array: true })
  scopes!: string[];

  @Column({ type: 'text', array: true })
  resources!: string[];

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  /** Seconds the device waits between two polls; grows when it does not (RFC 8628 §3.5). */
  @Column({ name: 'poll_interval', type: 'integer' })
  pollInterval!: number;

  @Column({ name: 'last_polled_at', type: 'timestamptz', nullable: true })
  lastPolledAt!: Date | null;

  @Column({ name: 'denied_at', type: 'timestamptz', nullable: true })
  deniedAt!: Date | null;

  /** What the person allowed. */
  @Column({ name: 'grant_id', type: 'uuid', nullable: true })
  grantId!: string | null;

  @Column({ name: 'redeemed_at', type: 'timestamptz', nullable: true })
  redeemedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  /** Whether the person has yet to answer, and still can. */
  get isOpen(): boolean {
    return this.grantId === null && this.deniedAt === null && this.expiresAt > new Date();
  }
}
