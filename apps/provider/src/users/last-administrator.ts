import { type EntityManager, IsNull, Not } from 'typeorm';
import { refusedState } from '../http/refusal.js';
import { User } from './user.entity.js';

const LOCK = `SELECT pg_advisory_xact_lock(hashtext('administrators'))`;
const ENABLED = { administrator: true, disabledAt: IsNull() };

/**
 * Checks that an enabled administrator remains when a user is disabled, is deleted or is no longer an administrator. Every
 * such change calls it first in its transaction. A lock makes these changes wait for each other until they are committed,
 * so that two administrators cannot remove each other at the same time.
 *
 * @throws Refusal `conflict` when the user is the only enabled administrator.
 */
export async function keepAnAdministrator(userId: string, transaction: EntityManager): Promise<void> {
  await transaction.query(LOCK);
  if (!(await transaction.existsBy(User, { id: userId, ...ENABLED }))) return;
  if (await transaction.existsBy(User, { id: Not(userId), ...ENABLED })) return;
  throw refusedState('This is the only enabled administrator. Make another user an administrator first.');
}
