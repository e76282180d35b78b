import type { Account } from '@trefoil/dto';
import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** The standard claims of a user that are stored as JSON (OpenID Connect Core §5.1). */
export type StandardClaims = Omit<Account, 'sub' | 'email' | 'email_verified' | 'updated_at'>;

/** A person who signs in. */
@Entity({ name: 'users' })
export class User {
  /** The `sub` claim. */
  @PrimaryColumn('uuid')
  id!: string;

  /** In lower case. The user signs in with it. */
  @Column({ type: 'text' })
  email!: string;

  @Column({ name: 'email_verified', type: 'boolean' })
  emailVerified!: boolean;

  /** An argon2id hash with its parameters and salt. */
  @Column({ name: 'password_hash', type: 'text' })
  passwordHash!: string;

  @Column({ type: 'jsonb' })
  claims!: StandardClaims;

  @Column({ type: 'boolean' })
  administrator!: boolean;

  @Column({ name: 'disabled_at', type: 'timestamptz', nullable: true })
  disabledAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
