import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** The request of a device, on which a user decides in a browser elsewhere (RFC 8628). */
@Entity({ name: 'device_authorizations' })
export class DeviceAuthorization {
  @PrimaryColumn('uuid')
  id!: string;

  /** The SHA-256 of the device code. The code is random, so no slow hash is needed. */
  @Column({ name: 'device_code_hash', type: 'bytea' })
  deviceCodeHash!: Buffer;

  /** The code that the user types, without the hyphen of its displayed form. */
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

  /** Seconds that the device must wait between two polls. Each early poll extends them (RFC 8628 §3.5). */
  @Column({ name: 'poll_interval', type: 'integer' })
  pollInterval!: number;

  @Column({ name: 'last_polled_at', type: 'timestamptz', nullable: true })
  lastPolledAt!: Date | null;

  @Column({ name: 'denied_at', type: 'timestamptz', nullable: true })
  deniedAt!: Date | null;

  /** The grant that the user gave; null until then. */
  @Column({ name: 'grant_id', type: 'uuid', nullable: true })
  grantId!: string | null;

  @Column({ name: 'redeemed_at', type: 'timestamptz', nullable: true })
  redeemedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  /** Returns whether the user has not decided yet and still can. */
  get isOpen(): boolean {
    return this.grantId === null && this.deniedAt === null && this.expiresAt > new Date();
  }
}
