import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A person signed in at the provider with one browser; what single sign-on rests on. */
@Entity({ name: 'sessions' })
export class Session {
  /** The `sid` claim (OpenID Connect Back-Channel Logout §2.1); known to the clients of the session, opens nothing. */
  @PrimaryColumn('uuid')
  id!: string;

  /** SHA-256 of the secret in the browser's cookie. */
  @Column({ name: 'secret_hash', type: 'bytea' })
  secretHash!: Buffer;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** When the person last proved who they are. */
  @Column({ name: 'authenticated_at', type: 'timestamptz' })
  authenticatedAt!: Date;

  /** How they proved it (RFC 8176). */
  @Column({ type: 'text', array: true })
  amr!: string[];

  /** The authentication context class of that (OpenID Connect Core §2). */
  @Column({ type: 'text', nullable: true })
  acr!: string | null;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
