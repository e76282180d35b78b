import { Inject, Injectable, Logger } from '@nestjs/common';
import { decryptAtRest, describeError, encryptAtRest, encryptionKeyIdOf, keyIdOf } from '@trefoil/server-kit';
import { DataSource } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../../config.js';

/** Every encrypted column, with the id column that its ciphertext is bound to. */
const ENCRYPTED_COLUMNS = [
  { table: 'signing_keys', id: 'kid', column: 'encrypted_jwk' },
  { table: 'server_secrets', id: 'name', column: 'encrypted_value' },
  { table: 'event_streams', id: 'id', column: 'authorization_header' },
] as const;

type EncryptedColumn = (typeof ENCRYPTED_COLUMNS)[number];

/** The number of rows of a table that one key has encrypted. */
export interface EncryptionState {
  readonly table: EncryptedColumn['table'];
  /** The key id as `keyIdOf` returns it; `unnamed` for ciphertexts from before keys had ids. */
  readonly keyId: string;
  /**
   * `first` for the key that encrypts now, `other` for another one of `ENCRYPTION_KEY`, `unknown` for any other key.
   */
  readonly key: 'first' | 'other' | 'unknown';
  readonly rows: number;
}

/**
 * Re-encrypts the rows that are encrypted with `ENCRYPTION_KEY`, after a new key was put first. The old key may be
 * removed from `ENCRYPTION_KEY` when {@link state} shows no row under it.
 */
@Injectable()
export class EncryptedRows {
  private readonly logger = new Logger(EncryptedRows.name);

  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ENCRYPTION_KEY'>,
  ) {}

  /** Returns how many rows each key has encrypted. */
  async state(): Promise<EncryptionState[]> {
    const [first, ...others] = this.config.ENCRYPTION_KEY.map(keyIdOf);
    const states: EncryptionState[] = [];
    for (const encrypted of ENCRYPTED_COLUMNS) {
      const counts = new Map<string, number>();
      for (const { value } of await this.read(encrypted)) {
        const keyId = encryptionKeyIdOf(value) ?? 'unnamed';
        counts.set(keyId, (counts.get(keyId) ?? 0) + 1);
      }
      for (const [keyId, rows] of counts) {
        const key = keyId === first ? 'first' : others.includes(keyId) || keyId === 'unnamed' ? 'other' : 'unknown';
        states.push({ table: encrypted.table, keyId, key, rows });
      }
    }
    return states;
  }

  /**
   * Re-encrypts with the first key every row that another key of `ENCRYPTION_KEY` has encrypted. Skips rows that change
   * meanwhile and rows under an unknown key, which another replica may know. Logs and skips damaged rows.
   */
  async reencrypt(): Promise<void> {
    const keys = this.config.ENCRYPTION_KEY;
    const known = keys.map(keyIdOf);
    for (const encrypted of ENCRYPTED_COLUMNS) {
      for (const { id, value } of await this.read(encrypted)) {
        const keyId = encryptionKeyIdOf(value);
        if (keyId === known[0] || (keyId !== undefined && !known.includes(keyId))) continue;
        const plaintext = this.decryptOrReport(encrypted, id, value);
        if (plaintext) await this.replace(encrypted, id, value, encryptAtRest(plaintext, keys, id));
      }
    }
  }

  private decryptOrReport({ table }: EncryptedColumn, id: string, value: Buffer): Buffer | undefined {
    try {
      return decryptAtRest(value, this.config.ENCRYPTION_KEY, id);
    } catch (error) {
      this.logger.error(`The row ${id} in ${table} is damaged and was not re-encrypted: ${describeError(error)}`);
      return undefined;
    }
  }

  private read({ table, id, column }: EncryptedColumn): Promise<{ id: string; value: Buffer }[]> {
    return this.dataSource.query(`SELECT ${id} AS id, ${column} AS value FROM ${table} WHERE ${column} IS NOT NULL`);
  }

  private async replace({ table, id, column }: EncryptedColumn, of: string, value: Buffer, by: Buffer): Promise<void> {
    await this.dataSource.query(`UPDATE ${table} SET ${column} = $3 WHERE ${id} = $1 AND ${column} = $2`, [
      of,
      value,
      by,
    ]);
  }
}
