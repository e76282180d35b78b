import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a person has allowed a client, remembered so that the same is not asked twice. */
@Entity({ name: 'consents' })
export class Consent {
  @PrimaryColumn({ name: 'user_id', type: 'uuid' })
  userId!: string;

  @PrimaryColumn({ name: 'client_id', type: 'text' })
  clientId!: string;

  @Column({ type: 'text', array: true })
  scopes!: string[];

  @Column({ name: 'granted_at', type: 'timestamptz' })
  grantedAt!: Date;
}
