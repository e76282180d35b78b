import type { DataSource } from 'typeorm';
import type { Grant } from '../../grants/grant.entity.js';
import { RefreshTokenRotation, type RefreshTokenUse } from '../../grants/refresh-token-rotation.js';
import { SecurityEvents } from '../../security-events/security-events.js';

abstract class BrokenRotation extends RefreshTokenRotation {
  constructor(protected readonly source: DataSource) {
    super(source, new SecurityEvents(source));
  }
}

/** Reads whether the token is the newest and then replaces it, so two callers can read before either of them writes. */
class ReadsBeforeItWrites extends BrokenRotation {
  override async rotate(grant: Grant, use: RefreshTokenUse, graceSeconds: number): Promise<boolean> {
    if (!(await this.isNewest(grant, use.generation))) return super.rotate(grant, use, graceSeconds);
    await this.source.query(
      'UPDATE grants SET refresh_generation = refresh_generation + 1, refreshed_at = now(), refreshed_jkt = $2 WHERE id = $1',
      [grant.id, use.thumbprint ?? null],
    );
    return true;
  }
}

/** Replaces the newest token for a retry too, instead of issuing it again. */
class ReplacesAgainForRetries extends BrokenRotation {
  override async rotate(grant: Grant, use: RefreshTokenUse, graceSeconds: number): Promise<boolean> {
    const isRetry = grant.refreshGeneration > use.generation;
    const done = await super.rotate(grant, use, graceSeconds);
    const again = 'UPDATE grants SET refresh_generation = refresh_generation + 1 WHERE id = $1';
    if (done && isRetry) await this.source.query(again, [grant.id]);
    return done;
  }
}

/** Refuses a token that was replaced, but does not revoke its grant. */
class LetsThievesGo extends BrokenRotation {
  override revokeReused(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

/** Takes a request with another key for a retry. */
class ForgetsTheKey extends BrokenRotation {
  override rotate(grant: Grant, { generation }: RefreshTokenUse, graceSeconds: number): Promise<boolean> {
    return super.rotate(grant, { generation, thumbprint: undefined }, graceSeconds);
  }
}

/** Records a reuse even when it revoked nothing. */
class RecordsTwice extends BrokenRotation {
  override async revokeReused(...given: Parameters<RefreshTokenRotation['revokeReused']>): Promise<boolean> {
    const [grantId, , event] = given;
    const revoked = await super.revokeReused(...given);
    if (!revoked) await new SecurityEvents(this.source).record({ ...event, grantId });
    return revoked;
  }
}

/** Rotations with one fault each. The property of refresh tokens must find every one of them. */
export const BROKEN_ROTATIONS = {
  ReadsBeforeItWrites,
  ReplacesAgainForRetries,
  LetsThievesGo,
  ForgetsTheKey,
  RecordsTwice,
};
