import { Controller, Get, Header, Headers, Query, StreamableFile, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { SecurityEventPage } from '@trefoil/dto';
import { BearerGuard, Token, UserRoute, type VerifiedAccessToken } from '@trefoil/guards';
import { ProblemError } from '@trefoil/server-kit';
import { Readable } from 'node:stream';
import { Clients } from '../../clients/clients.js';
import { AdministratorGuard } from '../../users/administrator.guard.js';
import { SecurityEventLog } from '../security-event-log.js';
import { EventExport } from './event-export.js';
import { EventQuery, pageCursorOf } from './event-requests.js';
import { INVALID_CURSOR } from './opaque-cursor.js';
import { representEvent } from './represent-event.js';

const NDJSON = 'application/x-ndjson';

/** Serves `GET /api/events`: all security events, for administrators. */
@ApiTags('Administration')
@Controller('api/events')
@UseGuards(BearerGuard, AdministratorGuard)
export class EventsController {
  constructor(
    private readonly log: SecurityEventLog,
    private readonly clients: Clients,
    private readonly eventExport: EventExport,
  ) {}

  @Get()
  @UserRoute('events:read')
  @Header('Cache-Control', 'no-store')
  @Header('Vary', 'Accept')
  @ApiOperation({
    summary: 'List security events, the newest first, or export them',
    description:
      `With \`Accept: ${NDJSON}\` the response is an export: all matching events, one JSON object per line, in the order ` +
      'of recording. Pass the cursor of the last line to continue later; no event is skipped. When the connection ' +
      'breaks, the export is incomplete.',
  })
  @ApiProduces('application/json', NDJSON)
  @ApiOkResponse({
    description: 'One page. `nextCursor` is the cursor of the next page.',
    standardSchema: SecurityEventPage,
  })
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
    // This reads the first batch before the status is sent, so that a database that is down results in a 503.
    const lines = await this.eventExport.lines(filter, cursor, token);
    return new StreamableFile(Readable.from(lines, { objectMode: false }), { type: NDJSON });
  }
}

const wrongCursor = (): ProblemError =>
  new ProblemError(400, 'Bad Request', {
    detail: 'A page needs the nextCursor of a page, an export needs the cursor of a line.',
    errors: [{ field: 'cursor', message: INVALID_CURSOR }],
  });
