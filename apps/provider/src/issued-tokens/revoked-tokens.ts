import { Injectable } from '@nestjs/common';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { PreparedStatement } from '../database/prepared-statement.js';
import { DataSource, type EntityManager } from 'typeorm';

/** A revocation is kept longer than its token is valid, because clocks differ. */
const KEPT_AFTER_EXPIRY_SECONDS = 60;

const FIND_REVOKED = new PreparedStatement(
  'find-revoked-token',
  () => 'SELECT jti FROM revoked_tokens WHERE jti = ANY ($1) LIMIT 1',
);

/** Keeps the access tokens that were revoked individually, each until it has expired on every clock. */
@Injectable()
export class RevokedTokens {
  constructor(private readonly dataSource: DataSource) {}

  /** Adds a token. Returns false when it was added before. */
  async add({ jti, exp }: Pick<AccessTokenClaims, 'jti' | 'exp'>, transaction: EntityManager): Promise<boolean> {
    const [added] = await transaction.query<unknown[]>(
      `INSERT INTO revoked_tokens (jti, expires_at) VALUES ($1, to_timestamp($2))
       ON CONFLICT (jti) DO NOTHING RETURNING jti`,
      [jti, exp + KEPT_AFTER_EXPIRY_SECONDS],
    );
    return added !== undefined;
  }

  /** Returns whether any of these tokens was revoked. */
  async includesAny(jtis: readonly string[]): Promise<boolean> {
    return (await FIND_REVOKED.first(this.dataSource, [jtis])) !== undefined;
  }
}
