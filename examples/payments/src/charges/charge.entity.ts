import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A charge of a customer. */
@Entity({ name: 'charges' })
export class Charge {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  /** The machine client that made the charge. */
  @Column({ name: 'client_id', type: 'text' })
  clientId!: string;

  /** The `sub` of the user who pays. */
  @Column({ type: 'text' })
  customer!: string;

  /** In the smallest unit of the currency, such as cents. */
  @Column({ type: 'integer' })
  amount!: number;

  @Column({ type: 'text' })
  currency!: string;

  @Column({ name: 'refunded_at', type: 'timestamptz', precision: 3, nullable: true })
  refundedAt!: Date | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
