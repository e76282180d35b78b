import { Injectable } from '@nestjs/common';
import type { StreamQuery } from '@trefoil/dto';
import type { VerifiedAccessToken } from '@trefoil/guards';
import { jsonLines } from '@trefoil/resource-api';
import { TokenStatus } from '../../issued-tokens/token-status.js';
import { Users } from '../../users/users.js';
import type { EventFilter } from '../event-filter.js';
import { type EventPosition, type PositionedEvent, SecurityEventLog } from '../security-event-log.js';
import { representLine } from './represent-event.js';

const BATCH_SIZE = 100;

/** Selects the events of an export. */
export interface ExportedEvents {
  readonly filter: EventFilter;
  /** The position after which the export begins; from the first event when it is absent. */
  readonly after?: EventPosition;
  /** With `line`, the export ends with a line that tells the number of events. */
  readonly end?: StreamQuery['end'];
}

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
  async lines({ filter, after, end }: ExportedEvents, token: VerifiedAccessToken): Promise<AsyncGenerator<string>> {
    // Without a horizon, an export would never end while events are recorded as fast as they are read.
    const horizon = await this.log.horizon();
    const read = (position?: EventPosition) => this.log.batch(filter, { after: position, horizon, size: BATCH_SIZE });
    const readNext = async (position: EventPosition) => {
      const batch = await read(position);
      if (!(await this.isAllowed(token))) throw new Error('The export is closed: its token is no longer valid for it.');
      return batch;
    };
    const represent = (events: readonly PositionedEvent[]) => events.map(representLine);
    return jsonLines({ first: await read(after), readNext, represent, end });
  }

  private async isAllowed({ claims }: VerifiedAccessToken): Promise<boolean> {
    const [isRevoked, user] = await Promise.all([this.status.isRevoked(claims), this.users.find(claims.sub)]);
    return !isRevoked && user?.administrator === true;
  }
}
