import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/**
 * A signing key at rest, and its life: published, then signing, then only verifying, then retired. All times are the
 * database's, so that every replica does the same at the same moment whatever its own clock shows.
 */
@Entity({ name: 'signing_keys' })
export class StoredSigningKey {
  @PrimaryColumn({ type: 'text' })
  kid!: string;

  @Column({ type: 'text' })
  algorithm!: SigningAlgorithm;

  /** The JWK, encrypted and bound to its `kid`: private until the key is retired, of its public part only from then on. */
  @Column({ name: 'encrypted_jwk', type: 'bytea' })
  encryptedJwk!: Buffer;

  /** Published from then on. */
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  /** Signs from then on, until another one of its algorithm does. */
  @Column({ name: 'signs_from', type: 'timestamptz' })
  signsFrom!: Date;

  /** When its successor takes over; null when it has none. */
  @Column({ name: 'signs_until', type: 'timestamptz', nullable: true })
  signsUntil!: Date | null;

  /** When the last of its signatures has expired: no longer published from then on. */
  @Column({ name: 'retires_at', type: 'timestamptz', nullable: true })
  retiresAt!: Date | null;

  /** When its private part was deleted. */
  @Column({ name: 'retired_at', type: 'timestamptz', nullable: true })
  retiredAt!: Date | null;
}
