import { type SecretKeys } from '@trefoil/server-kit';
import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { KeyRotation } from '../keys/key-rotation.js';
import { SigningKeyCache } from '../keys/signing-key-cache.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { openDatabase } from './open-database.js';

const HOUR = 3600;

/** What the lives of keys follow from, in these tests. */
export const KEY_CONFIG = {
  JWKS_MAX_AGE: 300,
  SIGNING_KEY_LIFETIME: 24 * HOUR,
  ID_TOKEN_LIFETIME: 600,
  SESSION_LIFETIME: 2 * HOUR,
  ENCRYPTION_KEY: [randomBytes(32)] as SecretKeys,
};

/** One replica, as far as signing keys are concerned, with connections of its own. */
export interface KeyReplica {
  readonly dataSource: DataSource;
  readonly rotation: KeyRotation;
  readonly keys: SigningKeyCache;
}

/** Starts a replica on a database, which is brought to the newest migration. */
export async function keyReplica(databaseUrl: string, config: Partial<typeof KEY_CONFIG> = {}): Promise<KeyReplica> {
  const dataSource = await openDatabase(databaseUrl);
  const settings = { ...KEY_CONFIG, ...config };
  return {
    dataSource,
    rotation: new KeyRotation(dataSource, new SecurityEvents(dataSource), settings),
    keys: new SigningKeyCache(dataSource, settings),
  };
}

/** Lets so many seconds pass in the lives of the keys: moves them into the past. */
export async function age(dataSource: DataSource, seconds: number): Promise<void> {
  const columns = ['created_at', 'signs_from', 'signs_until', 'retires_at', 'retired_at'];
  const moved = columns.map((column) => `${column} = ${column} - make_interval(secs => $1)`);
  await dataSource.query(`UPDATE signing_keys SET ${moved.join()}`, [seconds]);
}
