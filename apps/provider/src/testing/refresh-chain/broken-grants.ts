import type { DataSource } from 'typeorm';
import { Grants, type RefreshTokenUse } from '../../grants/grants.js';
import type { Grant } from '../../grants/grant.entity.js';
import { SecurityEvents } from '../../security-events/security-events.js';

abstract class BrokenGrants extends Grants {
  constructor(protected readonly source: DataSource) {
    super(source, new SecurityEvents(source));
  }
}

/** Looks whether the token is the newest, and then replaces it: two may look before either does. */
class LooksBeforeItWrites extends BrokenGrants {
  override async rotate(grant: Grant, use: RefreshTokenUse, graceSeconds: number): Promise<boolean> {
    const { refreshGeneration } = (await this.find(grant.id)) ?? grant;
    if (refreshGeneration !== use.generation) return super.rotate(grant, use, graceSeconds);
    await this.source.query(
      'UPDATE grants SET refresh_generation = refresh_generation + 1, refreshed_at = now(), refreshed_jkt = $2 WHERE id = $1',
      [grant.id, use.jkt ?? null],
    );
    return true;
  }
}

/** Replaces the newest token for a retry too, instead of giving it once more. */
class ReplacesAgainForRetries extends BrokenGrants {
  override async rotate(grant: Grant, use: RefreshTokenUse, graceSeconds: number): Promise<boolean> {
    const isRetry = grant.refreshGeneration > use.generation;
    const done = await super.rotate(grant, use, graceSeconds);
    const again = 'UPDATE grants SET refresh_generation = refresh_generation + 1 WHERE id = $1';
    if (done && isRetry) await this.source.query(again, [grant.id]);
    return done;
  }
}

/** Refuses a token that was replaced, and leaves it at that. */
class LetsThievesGo extends BrokenGrants {
  override endReused(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

/** Takes a retry with another key for the same. */
class ForgetsTheKey extends BrokenGrants {
  override rotate(grant: Grant, { generation }: RefreshTokenUse, graceSeconds: number): Promise<boolean> {
    return super.rotate(grant, { generation, jkt: undefined }, graceSeconds);
  }
}

/** Records a reuse whether or not it ended anything. */
class RecordsTwice extends BrokenGrants {
  override async endReused(...given: Parameters<Grants['endReused']>): Promise<boolean> {
    const [grantId, , event] = given;
    const ended = await super.endReused(...given);
    if (!ended) await new SecurityEvents(this.source).record({ ...event, grantId });
    return ended;
  }
}

/** What a property of refresh tokens must be able to tell from the real thing. */
export const BROKEN_GRANTS = {
  LooksBeforeItWrites,
  ReplacesAgainForRetries,
  LetsThievesGo,
  ForgetsTheKey,
  RecordsTwice,
};
