import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The scopes that a user has allowed a client. A request for no more than these needs no consent page. */
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
