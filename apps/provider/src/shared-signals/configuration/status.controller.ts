import { Body, Controller, Get, Header, HttpCode, Post, Query, UseGuards } from '@nestjs/common';
import { BearerGuard, MachineRoute, Token, type VerifiedAccessToken } from '@trefoil/guards';
import { z } from 'zod';
import { JsonBodyGuard } from '../../http/json-body.guard.js';
import type { EventStream } from '../streams/event-stream.entity.js';
import { EventStreams } from '../streams/event-streams.js';
import { orNoSuchStream, storedText } from './stream-requests.js';
import { MANAGE_SCOPE, StreamScopeGuard } from './stream-scope.guard.js';

const StatusChange = z.object({
  stream_id: z.string(),
  status: z.enum(['enabled', 'paused', 'disabled'], 'must be enabled, paused or disabled'),
  reason: storedText(500).optional(),
});
type StatusChange = z.infer<typeof StatusChange>;

/** Serves `/ssf/status`: reads and changes the status of a stream (SSF 1.0 §8.1.2). */
@Controller('ssf/status')
@UseGuards(BearerGuard, JsonBodyGuard)
export class StatusController {
  constructor(private readonly streams: EventStreams) {}

  @Get()
  @MachineRoute()
  @UseGuards(StreamScopeGuard)
  @Header('Cache-Control', 'no-store')
  async read(@Token() { claims }: VerifiedAccessToken, @Query('stream_id') id?: string | string[]) {
    return represent(orNoSuchStream(await this.streams.visit(String(id), claims.client_id)));
  }

  @Post()
  @HttpCode(200)
  @MachineRoute(MANAGE_SCOPE)
  @Header('Cache-Control', 'no-store')
  async change(
    @Token() { claims }: VerifiedAccessToken,
    @Body({ schema: StatusChange }) { stream_id, status, reason }: StatusChange,
  ) {
    const stream = orNoSuchStream(await this.streams.visit(stream_id, claims.client_id));
    return represent(orNoSuchStream(await this.streams.setStatus(stream, status, reason ?? null)));
  }
}

/**
 * Includes failed push attempts, because a failing stream stays enabled for a while and its receiver needs the reason.
 */
const represent = ({ id, status, statusReason, attempts, lastError }: EventStream) => ({
  stream_id: id,
  status,
  ...(statusReason !== null && { reason: statusReason }),
  ...(attempts > 0 && { failed_attempts: attempts }),
  ...(lastError !== null && { last_error: lastError }),
});
