import { Controller, Get, Header, Headers, Query, Res, type StreamableFile, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { SecurityEventPage } from '@trefoil/dto';
import { BearerGuard, Token, UserRoute, type VerifiedAccessToken } from '@trefoil/guards';
import { ApiStreamLimit, INVALID_CURSOR, NDJSON, NdjsonStreams, prefersNdjson } from '@trefoil/resource-api';
import { ProblemError } from '@trefoil/server-kit';
import type { FastifyReply } from 'fastify';
import { Clients } from '../../clients/clients.js';
import { AdministratorGuard } from '../../users/administrator.guard.js';
import { SecurityEventLog } from '../security-event-log.js';
import { EventExport } from './event-export.js';
import { EventQuery, pageCursorOf } from './event-requests.js';
import { representEvent } from './represent-event.js';

/** Serves `GET /api/events`: all security events, for administrators. */
@ApiTags('Administration')
@Controller('api/events')
@UseGuards(BearerGuard, AdministratorGuard)
export class EventsController {
  constructor(
    private readonly log: SecurityEventLog,
    private readonly clients: Clients,
    private readonly eventExport: EventExport,
    private readonly streams: NdjsonStreams,
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
      'is reset, the export is incomplete. With `end=line` one more line says how many lines there were.',
  })
  @ApiProduces('application/json', NDJSON)
  @ApiOkResponse({
    description: 'One page. `nextCursor` is the cursor of the next page.',
    standardSchema: SecurityEventPage,
  })
  @ApiStreamLimit()
  read(
    @Token() token: VerifiedAccessToken,
    @Query({ schema: EventQuery }) query: EventQuery,
    @Headers('Accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SecurityEventPage | StreamableFile> {
    return prefersNdjson(accept) ? this.export(query, token, reply) : this.list(query);
  }

  private async list({ cursor, limit, end: _, ...filter }: EventQuery): Promise<SecurityEventPage> {
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
    { cursor, limit: _, end, ...filter }: EventQuery,
    token: VerifiedAccessToken,
    reply: FastifyReply,
  ): Promise<StreamableFile> {
    if (typeof cursor === 'string') throw wrongCursor();
    return this.streams.send({ reply, sub: token.claims.sub }, () =>
      this.eventExport.lines({ filter, after: cursor, end }, token),
    );
  }
}

const wrongCursor = (): ProblemError =>
  new ProblemError(400, 'Bad Request', {
    detail: 'A page needs the nextCursor of a page, an export needs the cursor of a line.',
    errors: [{ field: 'cursor', message: INVALID_CURSOR }],
  });
