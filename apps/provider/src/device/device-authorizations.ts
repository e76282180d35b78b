import { Injectable } from '@nestjs/common';
import { randomSecret, sha256 } from '@trefoil/oauth-protocol';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { GrantContent } from '../grants/grant-content.js';
import { Grants } from '../grants/grants.js';
import type { RequestOrigin } from '../http/request-origin.js';
import { DeviceAuthorization } from './device-authorization.entity.js';
import { newUserCode } from './user-code.js';

/** The content of a new device authorization. */
export type DeviceRequest = Pick<DeviceAuthorization, 'clientId' | 'scopes' | 'resources'>;

/** Seconds between two polls at first, and by how many seconds `slow_down` extends them (RFC 8628 §3.2, §3.5). */
export const POLL_INTERVAL = 5;

// A poll may come this much early, because timers and networks are not exact.
const TOLERANCE_SECONDS = 0.5;

/** Stores device authorizations. A change that must happen once is one SQL statement. */
@Injectable()
export class DeviceAuthorizations {
  constructor(
    private readonly dataSource: DataSource,
    private readonly grants: Grants,
  ) {}

  /**
   * Stores the request of a device.
   *
   * @param lifetime the seconds until the codes expire.
   * @returns the device code, of which only the hash is stored, and the user code.
   */
  async create(request: DeviceRequest, lifetime: number): Promise<{ deviceCode: string; userCode: string }> {
    const deviceCode = randomSecret();
    for (;;) {
      const userCode = newUserCode();
      // The user code must be unique. In the rare case that it is taken, another one is generated.
      const inserted = await this.changesOne(
        `INSERT INTO device_authorizations
           (id, device_code_hash, user_code, client_id, scopes, resources, expires_at, poll_interval)
         VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7), $8)
         ON CONFLICT (user_code) DO NOTHING RETURNING id`,
        [
          randomUUID(),
          sha256(deviceCode),
          userCode,
          request.clientId,
          request.scopes,
          request.resources,
          lifetime,
          POLL_INTERVAL,
        ],
      );
      if (inserted) return { deviceCode, userCode };
    }
  }

  find(id: string): Promise<DeviceAuthorization | null> {
    return this.dataSource.manager.findOneBy(DeviceAuthorization, { id });
  }

  findByDeviceCode(deviceCode: string): Promise<DeviceAuthorization | null> {
    return this.dataSource.manager.findOneBy(DeviceAuthorization, { deviceCodeHash: sha256(deviceCode) });
  }

  /**
   * Returns the device authorization that waits for a decision under a user code, which is given in its stored form.
   */
  async findOpen(userCode: string): Promise<DeviceAuthorization | undefined> {
    const found = await this.dataSource.manager.findOneBy(DeviceAuthorization, { userCode });
    return found?.isOpen ? found : undefined;
  }

  /**
   * Creates the grant for a device. Returns false, and creates none, when the device no longer waits for a decision.
   */
  async allow(id: string, content: GrantContent, origin: RequestOrigin): Promise<boolean> {
    const notOpen = new Error('the device authorization is not open');
    try {
      await this.dataSource.transaction(async (transaction) => {
        const grant = await this.grants.create(content, origin, transaction);
        const [, changed] = await transaction.query<[unknown, number]>(
          `UPDATE device_authorizations SET grant_id = $2
           WHERE id = $1 AND grant_id IS NULL AND denied_at IS NULL AND expires_at > now()`,
          [id, grant.id],
        );
        if (changed !== 1) throw notOpen;
      });
      return true;
    } catch (error) {
      if (error === notOpen) return false;
      throw error;
    }
  }

  /** Stores that the user denied the request. Returns false when the device no longer waits for a decision. */
  deny(id: string): Promise<boolean> {
    return this.changesOne(
      `UPDATE device_authorizations SET denied_at = now()
       WHERE id = $1 AND grant_id IS NULL AND denied_at IS NULL AND expires_at > now() RETURNING id`,
      [id],
    );
  }

  /** Redeems the device code of a request that was allowed (RFC 8628 §3.5). Of concurrent callers, one gets true. */
  redeem(id: string): Promise<boolean> {
    return this.changesOne(
      `UPDATE device_authorizations SET redeemed_at = now()
       WHERE id = $1 AND redeemed_at IS NULL AND grant_id IS NOT NULL AND expires_at > now() RETURNING id`,
      [id],
    );
  }

  /** Stores the time of a poll. Returns whether it came too early, and then extends the interval (RFC 8628 §3.5). */
  async polledTooEarly(id: string): Promise<boolean> {
    const [[polled]] = await this.dataSource.query<[{ early: boolean }[], number]>(
      `WITH before AS (
         SELECT id, last_polled_at > clock_timestamp() - make_interval(secs => poll_interval - $3::float8) AS early
         FROM device_authorizations WHERE id = $1 FOR UPDATE
       )
       UPDATE device_authorizations AS polled
       SET last_polled_at = clock_timestamp(), poll_interval = poll_interval + CASE WHEN early THEN $2::int ELSE 0 END
       FROM before WHERE polled.id = before.id
       RETURNING coalesce(early, false) AS early`,
      [id, POLL_INTERVAL, TOLERANCE_SECONDS],
    );
    return polled?.early ?? false;
  }

  /** Runs a statement with RETURNING. Returns whether it changed exactly one row. */
  private async changesOne(statement: string, parameters: unknown[]): Promise<boolean> {
    const result = await this.dataSource.query<[unknown[], number] | unknown[]>(statement, parameters);
    // TypeORM returns the rows for an INSERT, and the rows with their count for an UPDATE.
    return Array.isArray(result[0]) ? result[1] === 1 : result.length === 1;
  }
}
