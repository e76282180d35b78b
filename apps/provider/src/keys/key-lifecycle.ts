import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { EntityManager } from 'typeorm';
import { OFFERED_ALGORITHMS } from './offered-algorithms.js';
import type { RotationSchedule } from './rotation-schedule.js';

/** The state of a signing key: published, signing, published for verification only, or no longer published. */
export type KeyState = 'waiting' | 'signing' | 'verifying' | 'retired';

/** A signing key with its state and times, without its secret. */
export interface KeyLifecycle {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly state: KeyState;
  readonly createdAt: Date;
  readonly signsFrom: Date;
  /** When its successor starts to sign; null when it has no successor. */
  readonly signsUntil: Date | null;
  /** When it is removed from `/jwks`; null when it has no successor. */
  readonly retiresAt: Date | null;
}

/** The columns that a new key is stored with. */
export interface NewKeyRow {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly encryptedJwk: Buffer;
}

// Any number will do as long as every replica uses the same one.
const KEY_LOCK = 7_336_535;

/** Returns all keys, newest first, with their states by the clock of the database. */
export function readKeyLifecycles(manager: EntityManager): Promise<KeyLifecycle[]> {
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

/** Locks the keys for this transaction: among all replicas, one transaction at a time changes them. */
export const lockKeys = (transaction: EntityManager): Promise<unknown> =>
  transaction.query('SELECT pg_advisory_xact_lock($1)', [KEY_LOCK]);

/**
 * Returns the algorithms that need a new key now: those without a key, and those whose key ends so soon that its
 * successor must be published now.
 */
export async function algorithmsDue(
  transaction: EntityManager,
  { lifetime, publicationLead }: RotationSchedule,
): Promise<SigningAlgorithm[]> {
  const provided = await transaction.query<{ algorithm: string }[]>(
    `SELECT algorithm FROM signing_keys WHERE signs_until IS NULL GROUP BY algorithm
     HAVING max(signs_from) > now() - make_interval(secs => $1::integer)`,
    [lifetime - publicationLead],
  );
  return OFFERED_ALGORITHMS.filter((offered) => !provided.some(({ algorithm }) => algorithm === offered));
}

/**
 * Stores a key, which publishes it. It signs after `delay` seconds, or at once when no other key of its algorithm can
 * sign until then.
 */
export async function addKey(transaction: EntityManager, key: NewKeyRow, delay: number): Promise<void> {
  await transaction.query(
    `INSERT INTO signing_keys (kid, algorithm, encrypted_jwk, signs_from)
     SELECT $1, $2, $3, now() + make_interval(secs => CASE
       WHEN EXISTS (SELECT FROM signing_keys WHERE algorithm = $2 AND signs_until IS NULL) THEN $4::integer ELSE 0 END)`,
    [key.kid, key.algorithm, key.encryptedJwk, delay],
  );
}

/**
 * Returns the `kid` of the key of an algorithm that is published but does not sign yet; undefined when there is none.
 *
 * @param within makes that key sign in at most so many seconds.
 */
export async function waitingKey(
  transaction: EntityManager,
  algorithm: SigningAlgorithm,
  within?: number,
): Promise<string | undefined> {
  const [[waiting]] = await transaction.query<[{ kid: string }[], number]>(
    `UPDATE signing_keys SET signs_from = least(signs_from, now() + make_interval(secs => $2::integer))
     WHERE algorithm = $1 AND signs_from > now() RETURNING kid`,
    [algorithm, within ?? null],
  );
  return waiting?.kid;
}

/**
 * Sets the end of the older keys of an algorithm: they stop signing when the newest key starts, and retire when
 * everything they signed has expired.
 */
export async function supersedeOlderKeys(
  transaction: EntityManager,
  algorithm: SigningAlgorithm,
  { verificationPeriod, clockSkew }: RotationSchedule,
): Promise<void> {
  await transaction.query(
    `UPDATE signing_keys SET signs_until = newest.signs_from, retires_at = newest.signs_from + make_interval(
       secs => greatest((SELECT max(access_token_lifetime) FROM resource_servers), $2::integer) + $3::integer)
     FROM (SELECT kid, signs_from FROM signing_keys WHERE algorithm = $1 AND signs_until IS NULL
       ORDER BY signs_from DESC LIMIT 1) newest
     WHERE algorithm = $1 AND signing_keys.kid <> newest.kid
     AND (signs_until IS NULL OR signs_until > newest.signs_from)`,
    [algorithm, verificationPeriod, clockSkew],
  );
}
