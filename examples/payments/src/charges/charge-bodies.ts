import { z } from 'zod';
import type { Charge } from './charge.entity.js';

/** The body of a request for a charge. */
export const ChargeInput = z.strictObject({
  customer: z.string().min(1).max(200),
  /** In the smallest unit of the currency, such as cents. */
  amount: z.int().positive().max(100_000_00),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR'),
});
export type ChargeInput = z.output<typeof ChargeInput>;

/** A charge as the API shows it. */
export const ChargeBody = ChargeInput.extend({ id: z.uuid(), status: z.enum(['charged', 'refunded']) });
export type ChargeBody = z.output<typeof ChargeBody>;

/** A list of charges, the newest first. */
export const ChargeList = z.object({ items: z.array(ChargeBody) });

/** Returns a charge as the API shows it. */
export const representCharge = ({ id, customer, amount, currency, refundedAt }: Charge): ChargeBody => ({
  id,
  customer,
  amount,
  currency,
  status: refundedAt ? 'refunded' : 'charged',
});
