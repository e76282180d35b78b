import { Injectable, Logger } from '@nestjs/common';
import { counter, describeError } from '@trefoil/server-kit';
import type { z } from 'zod';
import { Encryption } from './encryption.js';

/**
 * Encrypts and decrypts the values of the state store, and parses them.
 *
 * A value that cannot be read counts as absent: a key may have been removed from `ENCRYPTION_KEY`, or another version of
 * the server may have written the value. It is logged and counted, and stays in the store for replicas that can read it.
 */
@Injectable()
export class SealedEntries {
  readonly unreadable = counter(
    'unreadable_entries_total',
    'Entries of the state store that could not be decrypted or parsed, and counted as absent',
    ['kind'],
  );
  private readonly logger = new Logger(SealedEntries.name);

  constructor(private readonly encryption: Encryption) {}

  /** Encrypts a value for the entry with a key. */
  seal(value: unknown, key: string): string {
    return this.encryption.encrypt(value, key);
  }

  /**
   * Decrypts and parses a value of the entry with a key. Returns undefined when the value cannot be read.
   *
   * @param kind The kind of entry, for the log and the metric.
   */
  open<T>(kind: string, key: string, sealed: string, schema: z.ZodType<T>): T | undefined {
    return this.read(kind, () => schema.parse(this.encryption.decrypt(sealed, key)));
  }

  /** Parses a value that is not encrypted. Returns undefined when it does not match the schema. */
  parse<T>(kind: string, value: unknown, schema: z.ZodType<T>): T | undefined {
    return this.read(kind, () => schema.parse(value));
  }

  private read<T>(kind: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.unreadable.inc({ kind });
      this.logger.warn(`A stored entry of the kind ${kind} cannot be read: ${describeError(error)}`);
      return undefined;
    }
  }
}
