import { Body, Controller, Header, HttpCode, Param, Post, Res, UseGuards } from '@nestjs/common';
import { BearerGuard, MachineRoute, Token, type VerifiedAccessToken } from '@trefoil/guards';
import type { FastifyReply } from 'fastify';
import { JsonBodyGuard } from '../../http/json-body.guard.js';
import { EventNotifications } from '../../security-events/notifications/event-notifications.js';
import { noSuchStream, orNoSuchStream } from '../configuration/stream-requests.js';
import { StreamScopeGuard } from '../configuration/stream-scope.guard.js';
import { EventStreams } from '../streams/event-streams.js';
import { PollDelivery, PollRequest } from './poll-delivery.js';

/** Serves `POST /ssf/streams/:id/poll`: a receiver polls the events of its stream (RFC 8936 §2). */
@Controller('ssf/streams/:id/poll')
@UseGuards(BearerGuard, StreamScopeGuard, JsonBodyGuard)
@MachineRoute()
export class PollController {
  constructor(
    private readonly streams: EventStreams,
    private readonly delivery: PollDelivery,
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
    // Only its push endpoint may receive the events of a push stream, not every token with the scope to read.
    if (stream.delivery !== 'poll') throw noSuchStream();
    const disconnected = new AbortController();
    reply.raw.once('close', () => disconnected.abort());
    const response = await this.delivery.respond(stream, request, disconnected.signal);
    // The server does not close connections with a request in progress, so this response must (RFC 9112 §9.6).
    if (this.notifications.isStopping) void reply.header('Connection', 'close');
    return response;
  }
}
