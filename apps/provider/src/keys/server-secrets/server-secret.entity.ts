import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A secret that the provider generated for itself and must never lose. */
@Entity({ name: 'server_secrets' })
export class ServerSecret {
  @PrimaryColumn({ type: 'text' })
  name!: string;

  /** The secret, encrypted and bound to its name. */
  @Column({ name: 'encrypted_value', type: 'bytea' })
  encryptedValue!: Buffer;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
