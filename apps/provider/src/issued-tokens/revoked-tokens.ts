import { Injectable } from '@nestjs/common';
import type { AccessTokenClaims } from '@trefoil/oauth-protocol';
import { DataSource, type EntityManager } from 'typeorm';

/** A revocation is remembered a little longer than its token lives: not every clock shows the same time. */
const REMEMBERED_AFTER_EXPIRY_SECONDS = 60;

/** The single access tokens that were revoked, each until nobody would take it any more. */
@Injectable()
export class RevokedTokens {
  constructor(private readonly dataSource: DataSource) {}

  /** Writes a token down; false when it was there before. */
  async add({ jti, exp }: Pick<AccessTokenClaims, 'jti' | 'exp'>, transaction: EntityManager): Promise<boolean> {
    const [added] = await transaction.query<unknown[]>(
      `INSERT INTO revoked_tokens (jti, expires_at) VALUES ($1, to_timestamp($2))
       ON CONFLICT (jti) DO NOTHING RETURNING jti`,
      [jti, exp + REMEMBERED_AFTER_EXPIRY_SECONDS],
    );
    return added !== undefined;
  }

  /** Whether any of these tokens was revoked. */
  async includesAny(jtis: readonly string[]): Promise<boolean> {
    const [found] = await this.dataSource.query<unknown[]>(
      'SELECT jti FROM revoked_tokens WHERE jti = ANY ($1) LIMIT 1',
      [jtis],
    );
    return found !== undefined;
  }
}
