import type { Account } from '@trefoil/dto';
import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** The standard claims kept of a user beside the e-mail address (OpenID Connect Core §5.1). */
export type StandardClaims = Omit<Account, 'sub' | 'email' | 'email_verified' | 'updated_at'>;

/** A person who signs in. */
@Entity({ name: 'users' })
export class User {
  /** The `sub` claim. */
  @PrimaryColumn('uuid')
  id!: string;

  /** Lower case; what a person signs in with. */
  @Column({ type: 'text' })
  email!: string;

  @Column({ name: 'email_verified', type: 'boolean' })
  emailVerified!: boolean;

  /** argon2id, with its parameters and salt. */
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
