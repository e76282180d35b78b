import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { EntityManager } from 'typeorm';

/** Where in its life a signing key is. */
export type KeyState = 'waiting' | 'signing' | 'verifying' | 'retired';

/** A signing key and its life, without its secret. */
export interface KeyLife {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly state: KeyState;
  readonly createdAt: Date;
  readonly signsFrom: Date;
  /** When its successor takes over; null when it has none. */
  readonly signsUntil: Date | null;
  /** When it is published no longer; null when it has no successor. */
  readonly retiresAt: Date | null;
}

/** The lives of all keys, newest first, as they stand by the database's clock. */
export function readKeyLives(manager: EntityManager): Promise<KeyLife[]> {
  return manager.query(
    `SELECT kid, algorithm, created_at AS "createdAt", signs_from AS "signsFrom", signs_until AS "signsUntil",
       retires_at AS "retiresAt", CASE
         WHEN retires_at <= now() THEN 'retired'
         WHEN signs_from > now() THEN 'waiting'
         WHEN signs_until <= now() THEN 'verifying'
         ELSE 'signing' END AS state
     FROM signing_keys ORDER BY signs_from DESC, kid`,
  );
}
