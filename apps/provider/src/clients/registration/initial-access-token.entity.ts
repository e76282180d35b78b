import type { SecurityProfileName } from '@trefoil/oauth-protocol';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** Lets its bearer register clients (RFC 7591 §1.2), and says with which security profiles. */
@Entity({ name: 'initial_access_tokens' })
export class InitialAccessToken {
  @PrimaryColumn('uuid')
  id!: string;

  /** SHA-256; the token itself is random, so nothing slower is needed. */
  @Column({ name: 'token_hash', type: 'bytea' })
  tokenHash!: Buffer;

  @Column({ type: 'text' })
  description!: string;

  /** The profile of a client that names none. */
  @Column({ name: 'default_profile', type: 'text' })
  defaultProfile!: SecurityProfileName;

  @Column({ name: 'allowed_profiles', type: 'text', array: true })
  allowedProfiles!: SecurityProfileName[];

  /** For a token that everybody knows. */
  @Column({ name: 'refused_in_production', type: 'boolean' })
  refusedInProduction!: boolean;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
