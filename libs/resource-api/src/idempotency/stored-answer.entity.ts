import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The answer to a request with an `Idempotency-Key`, kept for retries of the request. */
@Entity({ name: 'stored_answers' })
export class StoredAnswer {
  /** The `sub` of the token that the request came with. */
  @PrimaryColumn({ type: 'text' })
  owner!: string;

  @PrimaryColumn({ name: 'client_id', type: 'text' })
  clientId!: string;

  @PrimaryColumn({ type: 'text' })
  key!: string;

  /** SHA-256 of the operation and its input. */
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
