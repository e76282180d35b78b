import { Inject, Injectable } from '@nestjs/common';
import { decryptAtRest, encryptAtRest } from '@trefoil/server-kit';
import { createHmac } from 'node:crypto';
import { CONFIG, type FrontendConfig } from '../config.js';

/** Encrypts what the database keeps, so that a copy of the database tells nothing. */
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

  /** A mark that only this server can make, equal for equal texts and telling nothing of them; base64url. */
  mark(text: string): string {
    return createHmac('sha256', this.config.ENCRYPTION_KEY).update(`mark: ${text}`).digest('base64url');
  }
}
