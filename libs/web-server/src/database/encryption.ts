import { Inject, Injectable } from '@nestjs/common';
import { equalInConstantTime } from '@trefoil/oauth-protocol';
import { decryptAtRest, encryptAtRest } from '@trefoil/server-kit';
import { createHmac } from 'node:crypto';
import { CONFIG, type WebServerConfig } from '../config.js';

/**
 * Encrypts the values that the database stores, so that a copy of the database reveals nothing.
 *
 * `ENCRYPTION_KEY` may hold several keys, so that keys can be rotated. The first key encrypts and computes MACs; every
 * key decrypts and verifies.
 */
@Injectable()
export class Encryption {
  constructor(@Inject(CONFIG) private readonly config: Pick<WebServerConfig, 'ENCRYPTION_KEY'>) {}

  /**
   * Encrypts a JSON value and authenticates the result.
   *
   * @param context The place where the result is stored. Decryption needs the same context, so an encrypted value that
   * is moved to another place cannot be read.
   * @returns the encrypted value, base64url.
   */
  encrypt(value: unknown, context: string): string {
    return encryptAtRest(Buffer.from(JSON.stringify(value)), this.config.ENCRYPTION_KEY, context).toString('base64url');
  }

  /**
   * Decrypts a value that {@link encrypt} returned.
   *
   * @throws Error when the key or the context differs, or the value was changed.
   */
  decrypt(encrypted: string, context: string): unknown {
    const bytes = decryptAtRest(Buffer.from(encrypted, 'base64url'), this.config.ENCRYPTION_KEY, context);
    return JSON.parse(bytes.toString());
  }

  /** Returns the MAC of a text (HMAC-SHA-256, base64url). It does not reveal the text, and only this server can compute it. */
  mac(text: string): string {
    return macWith(this.config.ENCRYPTION_KEY[0], text);
  }

  /** Returns whether a MAC belongs to a text under any of the keys. Compares in constant time. */
  verifyMac(text: string, mac: string): boolean {
    return this.config.ENCRYPTION_KEY.map((key) => equalInConstantTime(mac, macWith(key, text))).includes(true);
  }
}

// The prefix separates this use of the key from others. Open forms carry these MACs, so it must not change.
const macWith = (key: Uint8Array, text: string): string =>
  createHmac('sha256', key).update(`mark: ${text}`).digest('base64url');
