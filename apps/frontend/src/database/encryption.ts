import { Inject, Injectable } from '@nestjs/common';
import { equalInConstantTime } from '@trefoil/oauth-protocol';
import { decryptAtRest, encryptAtRest } from '@trefoil/server-kit';
import { createHmac } from 'node:crypto';
import { CONFIG, type FrontendConfig } from '../config.js';

/**
 * Encrypts what the database keeps, so that a copy of the database tells nothing. Of several keys the first encrypts and
 * marks; what any of them made is good.
 */
@Injectable()
export class Sealer {
  constructor(@Inject(CONFIG) private readonly config: Pick<FrontendConfig, 'ENCRYPTION_KEY'>) {}

  /** Encrypts a JSON value. `context` names where it is stored: it cannot be read from anywhere else. */
  seal(value: unknown, context: string): string {
    return encryptAtRest(Buffer.from(JSON.stringify(value)), this.config.ENCRYPTION_KEY, context).toString('base64url');
  }

  /**
   * Decrypts what {@link seal} made.
   *
   * @throws Error when the key, the context or a byte is another.
   */
  open(sealed: string, context: string): unknown {
    const bytes = decryptAtRest(Buffer.from(sealed, 'base64url'), this.config.ENCRYPTION_KEY, context);
    return JSON.parse(bytes.toString());
  }

  /** A mark that only this server can make, telling nothing of the text; base64url. */
  mark(text: string): string {
    return markBy(this.config.ENCRYPTION_KEY[0], text);
  }

  /** Whether a mark is that of a text. */
  isMarkOf(text: string, mark: string): boolean {
    return this.config.ENCRYPTION_KEY.map((key) => equalInConstantTime(mark, markBy(key, text))).includes(true);
  }
}

const markBy = (key: Uint8Array, text: string): string =>
  createHmac('sha256', key).update(`mark: ${text}`).digest('base64url');
