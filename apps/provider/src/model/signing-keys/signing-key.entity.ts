import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A signing key at rest. */
@Entity({ name: 'signing_keys' })
export class StoredSigningKey {
  @PrimaryColumn({ type: 'text' })
  kid!: string;

  @Column({ type: 'text' })
  algorithm!: SigningAlgorithm;

  /** The private JWK, encrypted with the key of the environment and bound to its `kid`. */
  @Column({ name: 'private_key', type: 'bytea' })
  privateKey!: Buffer;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  /** From when on it signs nothing and is no longer published. */
  @Column({ name: 'retired_at', type: 'timestamptz', nullable: true })
  retiredAt!: Date | null;
}
