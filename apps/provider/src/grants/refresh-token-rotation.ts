import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PreparedStatement } from '../database/prepared-statement.js';
import { type SecurityEventContent, SecurityEvents } from '../security-events/security-events.js';
import type { Grant } from './grant.entity.js';
import { CAN_BE_REFRESHED } from './grant-statements.js';

/** Describes a request that uses a refresh token. */
export interface RefreshTokenUse {
  /** The generation of the refresh token. */
  readonly generation: number;
  /** The thumbprint of the DPoP key or of the certificate that the request proved, if any (RFC 9449 §5, RFC 8705 §4). */
  readonly thumbprint: string | undefined;
}

const ROTATE = new PreparedStatement<Pick<Grant, 'id'>>(
  'rotate-refresh-token',
  () => `
    UPDATE grants SET refresh_generation = $2 + 1, refreshed_jkt = $3,
      refreshed_at = CASE WHEN refresh_generation <= $2 THEN now() ELSE refreshed_at END
    WHERE id = $1 AND ${CAN_BE_REFRESHED}
    AND EXISTS (SELECT FROM users WHERE users.id = user_id AND users.disabled_at IS NULL)
    AND (refresh_generation <= $2
      OR (refresh_generation = $2 + 1 AND refreshed_jkt IS NOT DISTINCT FROM $3
        AND refreshed_at > now() - make_interval(secs => $4)))
    RETURNING id`,
);

/**
 * Replaces refresh tokens by their successors, and revokes the grant when a replaced token is used again
 * (RFC 9700 §4.14.2).
 *
 * Each method decides and writes in one SQL statement, so that of concurrent requests only one can succeed.
 */
@Injectable()
export class RefreshTokenRotation {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: SecurityEvents,
  ) {}

  /**
   * Returns whether a refresh token is the newest of its grant and the grant can be refreshed. Clients whose refresh
   * tokens are not rotated need no more than this.
   */
  async isNewest(grant: Grant, generation: number): Promise<boolean> {
    const [found] = await this.dataSource.query<unknown[]>(
      `SELECT id FROM grants WHERE id = $1 AND refresh_generation = $2 AND ${CAN_BE_REFRESHED}`,
      [grant.id, generation],
    );
    return found !== undefined;
  }

  /**
   * Replaces the newest refresh token by the next generation. Returns true when the caller may issue that generation, and
   * false when the grant, its session or its user has ended as well.
   *
   * A retry also returns true and replaces nothing: a request with the generation that was replaced last, with the same
   * key (or without one, like the first request), within the grace period after the replacement.
   *
   * A generation that is newer than the row counts as the newest. Only the provider can derive such a token, so the
   * database was restored from a backup that is older than the token.
   *
   * @param graceSeconds the grace period, in seconds.
   */
  async rotate(grant: Grant, { generation, thumbprint }: RefreshTokenUse, graceSeconds: number): Promise<boolean> {
    const values = [grant.id, generation, thumbprint ?? null, graceSeconds];
    return (await ROTATE.first(this.dataSource, values)) !== undefined;
  }

  /**
   * Revokes the grant of a refresh token that was replaced before, and records the event in the same transaction.
   * Returns false when the token was not replaced or the grant has already ended; of concurrent callers, one gets true.
   */
  revokeReused(grantId: string, generation: number, event: SecurityEventContent): Promise<boolean> {
    return this.dataSource.transaction(async (transaction) => {
      const [, revoked] = await transaction.query<[unknown, number]>(
        `UPDATE grants SET revoked_at = now() WHERE id = $1 AND refresh_generation > $2 AND ${CAN_BE_REFRESHED}`,
        [grantId, generation],
      );
      if (revoked === 1) await this.events.record({ ...event, grantId }, transaction);
      return revoked === 1;
    });
  }
}
