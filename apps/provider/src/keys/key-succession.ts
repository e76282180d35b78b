import type { SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { EntityManager } from 'typeorm';
import type { KeyTimes } from './key-times.js';
import { OFFERED_ALGORITHMS } from './offered-algorithms.js';

// Any number will do as long as every replica uses the same one.
const KEY_LOCK = 7_336_535;

/** A key as it is stored when it is made. */
export interface NewKeyRow {
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly encryptedJwk: Buffer;
}

/** Lets one transaction at a time change the keys, among all replicas. */
export const lockKeys = (transaction: EntityManager): Promise<unknown> =>
  transaction.query('SELECT pg_advisory_xact_lock($1)', [KEY_LOCK]);

/** The algorithms that have no key, or whose key must be succeeded now so that the next can be published in time. */
export async function algorithmsDue(
  transaction: EntityManager,
  { lifetime, wait }: KeyTimes,
): Promise<SigningAlgorithm[]> {
  const provided = await transaction.query<{ algorithm: string }[]>(
    `SELECT algorithm FROM signing_keys WHERE signs_until IS NULL GROUP BY algorithm
     HAVING max(signs_from) > now() - make_interval(secs => $1::integer)`,
    [lifetime - wait],
  );
  return OFFERED_ALGORITHMS.filter((offered) => !provided.some(({ algorithm }) => algorithm === offered));
}

/** Publishes a key that signs in so many seconds; at once when there is no other to sign until then. */
export async function addKey(transaction: EntityManager, key: NewKeyRow, seconds: number): Promise<void> {
  await transaction.query(
    `INSERT INTO signing_keys (kid, algorithm, encrypted_jwk, signs_from)
     SELECT $1, $2, $3, now() + make_interval(secs => CASE
       WHEN EXISTS (SELECT FROM signing_keys WHERE algorithm = $2 AND signs_until IS NULL) THEN $4::integer ELSE 0 END)`,
    [key.kid, key.algorithm, key.encryptedJwk, seconds],
  );
}

/** The key of an algorithm that is published but does not sign yet; with `within`, it is made to sign that soon. */
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

/** Ends the other keys of an algorithm when its newest begins: from then on they verify only, until all has expired. */
export async function supersede(
  transaction: EntityManager,
  algorithm: SigningAlgorithm,
  { verified, skew }: KeyTimes,
): Promise<void> {
  await transaction.query(
    `UPDATE signing_keys SET signs_until = newest.signs_from, retires_at = newest.signs_from + make_interval(
       secs => greatest((SELECT max(access_token_lifetime) FROM resource_servers), $2::integer) + $3::integer)
     FROM (SELECT kid, signs_from FROM signing_keys WHERE algorithm = $1 AND signs_until IS NULL
       ORDER BY signs_from DESC LIMIT 1) newest
     WHERE algorithm = $1 AND signing_keys.kid <> newest.kid
     AND (signs_until IS NULL OR signs_until > newest.signs_from)`,
    [algorithm, verified, skew],
  );
}
