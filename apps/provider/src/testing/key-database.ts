import { type SecretKeys } from '@trefoil/server-kit';
import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { KeyRotation } from '../keys/key-rotation.js';
import { SigningKeyCache } from '../keys/signing-key-cache.js';
import { SecurityEvents } from '../security-events/security-events.js';
import { openDatabase } from './open-database.js';

const HOUR = 3600;

/** The configuration that determines the lifetimes of keys in these tests. */
export const KEY_CONFIG = {
  JWKS_MAX_AGE: 300,
  SIGNING_KEY_LIFETIME: 24 * HOUR,
  ID_TOKEN_LIFETIME: 600,
  SESSION_LIFETIME: 2 * HOUR,
  ENCRYPTION_KEY: [randomBytes(32)] as SecretKeys,
};

/** The signing keys of one replica, with its own database connections. */
export interface KeyReplica {
  readonly dataSource: DataSource;
  readonly rotation: KeyRotation;
  readonly keys: SigningKeyCache;
}

/** Applies the migrations to a database and starts a replica on it. */
export async function keyReplica(databaseUrl: string, config: Partial<typeof KEY_CONFIG> = {}): Promise<KeyReplica> {
  const dataSource = await openDatabase(databaseUrl);
  const settings = { ...KEY_CONFIG, ...config };
  return {
    dataSource,
    rotation: new KeyRotation(dataSource, new SecurityEvents(dataSource), settings),
    keys: new SigningKeyCache(dataSource, settings),
  };
}

/** Simulates the passing of time: moves all times of the signing keys into the past. */
export async function age(dataSource: DataSource, seconds: number): Promise<void> {
  const columns = ['created_at', 'signs_from', 'signs_until', 'retires_at', 'retired_at'];
  const moved = columns.map((column) => `${column} = ${column} - make_interval(secs => $1)`);
  await dataSource.query(`UPDATE signing_keys SET ${moved.join()}`, [seconds]);
}
