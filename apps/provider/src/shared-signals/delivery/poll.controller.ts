import { Body, Controller, Header, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { BearerGuard, MachineRoute, Token, type VerifiedAccessToken } from '@trefoil/guards';
import type { FastifyReply } from 'fastify';
import { JsonBodyGuard } from '../../http/json-body.guard.js';
import { EventStreams } from '../streams/event-streams.js';
import { EventNotifications } from '../../security-events/notifications/event-notifications.js';
import { noSuchStream, orNoSuchStream } from '../configuration/no-such-stream.js';
import { PollRequest } from './poll-request.js';
import { StreamPolls } from './stream-polls.js';
import { StreamScopeGuard } from '../configuration/stream-scope.guard.js';

/** Where a receiver fetches the events of its stream (RFC 8936 §2). */
@Controller('ssf/streams/:id/poll')
@UseGuards(BearerGuard, StreamScopeGuard, JsonBodyGuard)
@MachineRoute()
export class PollController {
  constructor(
    private readonly streams: EventStreams,
    private readonly polls: StreamPolls,
    private readonly notifications: EventNotifications,
  ) {}

  @Post()
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  async poll(
    @Token() { claims }: VerifiedAccessToken,
    @Param('id') id: string,
    @Body({ schema: PollRequest }) request: PollRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const stream = orNoSuchStream(await this.streams.visit(id, claims.client_id));
    // Events of a stream that is pushed are not for whoever has a token to read with.
    if (stream.delivery !== 'poll') throw noSuchStream();
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const answer = await this.polls.answer(stream, request, gone.signal);
    // A connection that was busy when the server began to end is not closed by that (RFC 9112 §9.6).
    if (this.notifications.isStopping) void reply.header('Connection', 'close');
    return answer;
  }
}
