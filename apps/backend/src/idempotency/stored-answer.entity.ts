import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The answer that was given to a request with an `Idempotency-Key`, so that a retry gets it again. */
@Entity({ name: 'stored_answers' })
export class StoredAnswer {
  @PrimaryColumn({ type: 'text' })
  owner!: string;

  @PrimaryColumn({ name: 'client_id', type: 'text' })
  clientId!: string;

  @PrimaryColumn({ type: 'text' })
  key!: string;

  /** SHA-256 of what the request asked for. */
  @Column({ type: 'bytea' })
  fingerprint!: Buffer;

  @Column({ type: 'smallint' })
  status!: number;

  @Column({ type: 'json' })
  headers!: Record<string, string>;

  @Column({ type: 'json' })
  body!: object;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;
}
