import { Controller, Get, Header, Headers, Query, StreamableFile, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { SecurityEventPage } from '@trefoil/dto';
import { BearerGuard, Token, UserRoute, type VerifiedAccessToken } from '@trefoil/guards';
import { ProblemError } from '@trefoil/server-kit';
import { Readable } from 'node:stream';
import { TokenStatus } from '../../issued-tokens/token-status.js';
import { Clients } from '../../clients/clients.js';
import { type EventPosition, SecurityEventLog } from '../security-event-log.js';
import { Users } from '../../users/users.js';
import { AdministratorGuard } from '../../users/administrator.guard.js';
import { eventLines } from './event-lines.js';
import { EventQuery, pageCursorOf } from './event-requests.js';
import { NO_CURSOR } from './opaque-cursor.js';
import { representEvent } from './represent-event.js';

const NDJSON = 'application/x-ndjson';
const BATCH_SIZE = 500;

/** Every security event, for administrators. */
@ApiTags('Administration')
@Controller('api/events')
@UseGuards(BearerGuard, AdministratorGuard)
export class EventsController {
  constructor(
    private readonly log: SecurityEventLog,
    private readonly clients: Clients,
    private readonly status: TokenStatus,
    private readonly users: Users,
  ) {}

  @Get()
  @UserRoute('events:read')
  @Header('Cache-Control', 'no-store')
  @Header('Vary', 'Accept')
  @ApiOperation({
    summary: 'List security events, the newest first, or export them',
    description:
      `With \`Accept: ${NDJSON}\` all that fit come as one JSON object a line, in the order of writing: the cursor of the ` +
      'last line is where the next export goes on, and none is skipped. A connection that breaks off was not the end.',
  })
  @ApiProduces('application/json', NDJSON)
  @ApiOkResponse({ description: 'One page; `nextCursor` leads to the next', standardSchema: SecurityEventPage })
  read(
    @Token() token: VerifiedAccessToken,
    @Query({ schema: EventQuery }) query: EventQuery,
    @Headers('Accept') accept: string | undefined,
  ): Promise<SecurityEventPage | StreamableFile> {
    return accept?.toLowerCase().includes(NDJSON) ? this.export(query, token) : this.list(query);
  }

  private async list({ cursor, limit, ...filter }: EventQuery): Promise<SecurityEventPage> {
    if (typeof cursor === 'object') throw wrongCursor();
    const { events, more } = await this.log.page(filter, { before: cursor, limit });
    const names = await this.clients.namesOf(events.flatMap(({ clientId }) => clientId ?? []));
    const last = events.at(-1);
    return {
      items: events.map((event) => representEvent(event, names)),
      nextCursor: more && last ? pageCursorOf(last) : null,
    };
  }

  private async export(
    { cursor, limit: _, ...filter }: EventQuery,
    token: VerifiedAccessToken,
  ): Promise<StreamableFile> {
    if (typeof cursor === 'string') throw wrongCursor();
    // Else there would be no end while events are written as fast as they are read.
    const horizon = await this.log.horizon();
    const readBatch = async (after?: EventPosition) => {
      const batch = await this.log.batch(filter, { after, horizon, size: BATCH_SIZE });
      // What goes on for long ends with the token that opened it, and with what its user may see.
      if (after && !(await this.isStillOpenTo(token))) throw new Error('the export is closed to its token by now');
      return batch;
    };
    // The first batch comes before the status, so that a database that is down is a 503.
    const lines = eventLines(await readBatch(cursor), readBatch);
    return new StreamableFile(Readable.from(lines, { objectMode: false }), { type: NDJSON });
  }

  private async isStillOpenTo({ claims }: VerifiedAccessToken): Promise<boolean> {
    const [isRevoked, user] = await Promise.all([this.status.isRevoked(claims), this.users.find(claims.sub)]);
    return !isRevoked && user?.administrator === true;
  }
}

const wrongCursor = (): ProblemError =>
  new ProblemError(400, 'Bad Request', {
    detail: 'A page goes on with the nextCursor of a page, an export with the cursor of a line.',
    errors: [{ field: 'cursor', message: NO_CURSOR }],
  });
