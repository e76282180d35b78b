import type { SecurityProfileName } from '@trefoil/oauth-protocol';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A token that allows its bearer to register clients with certain security profiles (RFC 7591 §1.2). */
@Entity({ name: 'initial_access_tokens' })
export class InitialAccessToken {
  @PrimaryColumn('uuid')
  id!: string;

  /** SHA-256 of the token. The token is random, so that no slower hash is needed. */
  @Column({ name: 'token_hash', type: 'bytea' })
  tokenHash!: Buffer;

  @Column({ type: 'text' })
  description!: string;

  /** The profile of clients that request none. */
  @Column({ name: 'default_profile', type: 'text' })
  defaultProfile!: SecurityProfileName;

  @Column({ name: 'allowed_profiles', type: 'text', array: true })
  allowedProfiles!: SecurityProfileName[];

  /** Whether production refuses the token, because it is publicly known. */
  @Column({ name: 'refused_in_production', type: 'boolean' })
  refusedInProduction!: boolean;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  /** When it was revoked; null when it was not. */
  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
