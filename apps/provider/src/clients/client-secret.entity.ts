import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Client } from './client.entity.js';

/** A secret of a client. A client has several while one replaces another. */
@Entity({ name: 'client_secrets' })
export class ClientSecret {
  @PrimaryColumn('uuid')
  id!: string;

  @Column({ name: 'client_id', type: 'text' })
  clientId!: string;

  @ManyToOne(() => Client, (client) => client.secrets)
  @JoinColumn({ name: 'client_id' })
  client!: Relation<Client>;

  /** SHA-256; the secret itself is random, so nothing slower is needed. */
  @Column({ name: 'secret_hash', type: 'bytea' })
  secretHash!: Buffer;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  /** To about ten minutes; null when it was never used. */
  @Column({ name: 'last_used_at', type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;
}
