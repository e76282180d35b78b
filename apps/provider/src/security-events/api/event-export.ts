import { Injectable } from '@nestjs/common';
import type { VerifiedAccessToken } from '@trefoil/guards';
import { TokenStatus } from '../../issued-tokens/token-status.js';
import { Users } from '../../users/users.js';
import type { EventFilter } from '../event-filter.js';
import { type EventPosition, type PositionedEvent, SecurityEventLog } from '../security-event-log.js';
import { representLine } from './represent-event.js';

const BATCH_SIZE = 500;

/** Reads the batch of events after a position; empty after the last event. */
export type ReadBatch = (after: EventPosition) => Promise<PositionedEvent[]>;

/** Exports security events as lines of JSON. */
@Injectable()
export class EventExport {
  constructor(
    private readonly log: SecurityEventLog,
    private readonly status: TokenStatus,
    private readonly users: Users,
  ) {}

  /**
   * Reads the first batch and returns the lines of all matching events after a position. Further batches are read on
   * demand, and fail when the token was revoked or its user is no longer an administrator.
   */
  async lines(
    filter: EventFilter,
    after: EventPosition | undefined,
    token: VerifiedAccessToken,
  ): Promise<AsyncGenerator<string>> {
    // Without a horizon, an export would never end while events are recorded as fast as they are read.
    const horizon = await this.log.horizon();
    const read = (position?: EventPosition) => this.log.batch(filter, { after: position, horizon, size: BATCH_SIZE });
    return eventLines(await read(after), async (position) => {
      const batch = await read(position);
      if (!(await this.isAllowed(token))) throw new Error('The export is closed: its token is no longer valid for it.');
      return batch;
    });
  }

  private async isAllowed({ claims }: VerifiedAccessToken): Promise<boolean> {
    const [isRevoked, user] = await Promise.all([this.status.isRevoked(claims), this.users.find(claims.sub)]);
    return !isRevoked && user?.administrator === true;
  }
}

/** Yields the lines of an export batch by batch. Reads the next batch only when the consumer asks for it. */
export async function* eventLines(first: PositionedEvent[], readBatch: ReadBatch): AsyncGenerator<string> {
  for (let batch = first; ;) {
    const last = batch.at(-1);
    if (!last) return;
    yield batch.map((event) => `${JSON.stringify(representLine(event))}\n`).join('');
    batch = await readBatch(last);
  }
}
