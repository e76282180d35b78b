import { Inject, Injectable, Logger } from '@nestjs/common';
import { decryptAtRest, encryptAtRest, encryptionKeyIdOf, keyIdOf } from '@trefoil/server-kit';
import { DataSource } from 'typeorm';
import { CONFIG, type ProviderConfig } from '../../config.js';

/** Every encrypted column, and the column whose value it is bound to. */
const ENCRYPTED_COLUMNS = [
  { table: 'signing_keys', id: 'kid', column: 'encrypted_jwk' },
  { table: 'server_secrets', id: 'name', column: 'encrypted_value' },
  { table: 'event_streams', id: 'id', column: 'authorization_header' },
] as const;

type EncryptedColumn = (typeof ENCRYPTED_COLUMNS)[number];

/** How much is encrypted with one key. */
export interface EncryptionState {
  readonly table: EncryptedColumn['table'];
  /** As `keyIdOf` has it; `unnamed` for what is from before keys had ids. */
  readonly keyId: string;
  /** Whether it is the key that encrypts now, another that is known, or none of `ENCRYPTION_KEY`. */
  readonly key: 'first' | 'other' | 'unknown';
  readonly rows: number;
}

/**
 * What the database keeps encrypted with `ENCRYPTION_KEY`. When that key changes, the old one may be dropped as soon as
 * {@link state} shows no row under it.
 */
@Injectable()
export class EncryptedRows {
  private readonly logger = new Logger(EncryptedRows.name);

  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'ENCRYPTION_KEY'>,
  ) {}

  /** How many rows are encrypted with which key. */
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
   * Encrypts anew what is not under the first key. A row that somebody changed meanwhile is left for the next time, and so
   * is one under a key that is not known here: another replica may know it. A damaged one stays, and holds up no other.
   */
  async reencrypt(): Promise<void> {
    const keys = this.config.ENCRYPTION_KEY;
    const known = keys.map(keyIdOf);
    for (const encrypted of ENCRYPTED_COLUMNS) {
      for (const { id, value } of await this.read(encrypted)) {
        const keyId = encryptionKeyIdOf(value);
        if (keyId === known[0] || (keyId !== undefined && !known.includes(keyId))) continue;
        const plaintext = this.open(encrypted, id, value);
        if (plaintext) await this.replace(encrypted, id, value, encryptAtRest(plaintext, keys, id));
      }
    }
  }

  private open({ table }: EncryptedColumn, id: string, value: Buffer): Buffer | undefined {
    try {
      return decryptAtRest(value, this.config.ENCRYPTION_KEY, id);
    } catch (error) {
      this.logger.error(`${id} in ${table} is damaged and stays as it is: ${String(error)}`);
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
