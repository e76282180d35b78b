import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Client } from '../client.entity.js';

/** A secret of a client. A client has several during a rotation. */
@Entity({ name: 'client_secrets' })
export class ClientSecret {
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ name: 'client_id', type: 'text' })
  clientId!: string;

  @ManyToOne(() => Client, (client) => client.secrets)
  @JoinColumn({ name: 'client_id' })
  client!: Relation<Client>;

  /** SHA-256 of the secret. The secret is random, so that no slower hash is needed. */
  @Column({ name: 'secret_hash', type: 'bytea' })
  secretHash!: Buffer;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  /** Exact to about ten minutes; null when the secret was never used. */
  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;
}
