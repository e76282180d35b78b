import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { ProblemError } from '@trefoil/server-kit';
import { randomUUID } from 'node:crypto';
import { type EntityManager, IsNull, Repository } from 'typeorm';
import type { ChargeInput } from './charge-bodies.js';
import { Charge } from './charge.entity.js';

const LONGEST_LIST = 50;

/** Stores charges. Those of other clients and other customers do not exist for a caller. */
@Injectable()
export class Charges {
  constructor(@InjectRepository(Charge) private readonly charges: Repository<Charge>) {}

  /** Adds a charge in the transaction of a manager. */
  async add(clientId: string, input: ChargeInput, manager: EntityManager): Promise<Charge> {
    const charge = manager.create(Charge, { ...input, id: randomUUID(), clientId, refundedAt: null });
    await manager.insert(Charge, charge);
    return charge;
  }

  /**
   * Refunds a charge in the transaction of a manager. The UPDATE statement itself finds out whether it was refunded before.
   *
   * @throws ProblemError 404, or 409 when the charge was refunded before.
   */
  async refund(clientId: string, id: string, manager: EntityManager): Promise<Charge> {
    const { affected } = await manager.update(
      Charge,
      { id, clientId, refundedAt: IsNull() },
      { refundedAt: () => 'now()' },
    );
    const charge = await manager.findOneBy(Charge, { id, clientId });
    if (!charge) throw noSuchCharge();
    if (!affected) throw new ProblemError(409, 'Conflict', { detail: 'The charge was refunded before.' });
    return charge;
  }

  /** Returns the newest charges of a customer, or those that a client made. */
  list(whose: Pick<Charge, 'customer'> | Pick<Charge, 'clientId'>): Promise<Charge[]> {
    return this.charges.find({ where: whose, order: { createdAt: 'DESC', id: 'DESC' }, take: LONGEST_LIST });
  }
}

/** Creates the error for a charge that does not exist or belongs to another client. */
export const noSuchCharge = (): ProblemError =>
  new ProblemError(404, 'Not Found', { detail: 'You have no charge with this id.' });
