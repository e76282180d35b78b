import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** The sign-in of one user in one browser. Single sign-on reuses it for every client. */
@Entity({ name: 'sessions' })
export class Session {
  /** Known to this server and its operators only. Clients know the session by a `sid` of their own; see `SessionIds`. */
  @PrimaryColumn('uuid')
  id!: string;

  /** SHA-256 of the secret in the browser's cookie. */
  @Column({ name: 'secret_hash', type: 'bytea' })
  secretHash!: Buffer;

  @Column({ name: 'user_id', type: 'uuid' })
  userId!: string;

  /** When the user last authenticated: the `auth_time` claim. */
  @Column({ name: 'authenticated_at', type: 'timestamptz' })
  authenticatedAt!: Date;

  /** The authentication methods that they used (`amr`, RFC 8176). */
  @Column({ type: 'text', array: true })
  amr!: string[];

  /** The authentication context class of these methods (`acr`, OpenID Connect Core §2); null when they reach none. */
  @Column({ type: 'text', nullable: true })
  acr!: string | null;

  @Column({ name: 'expires_at', type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
