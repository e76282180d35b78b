import { Body, Controller, Header, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { BearerGuard, MachineRoute, Token, type VerifiedAccessToken } from '@trefoil/guards';
import { ProblemError } from '@trefoil/server-kit';
import { z } from 'zod';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { JsonBodyGuard } from '../../http/json-body.guard.js';
import { EventStreams } from '../streams/event-streams.js';
import { orNoSuchStream, storedText } from './stream-requests.js';
import { MANAGE_SCOPE } from './stream-scope.guard.js';

const VerificationRequest = z.object({ stream_id: z.string(), state: storedText(1000).optional() });
type VerificationRequest = z.infer<typeof VerificationRequest>;

/**
 * Serves `/ssf/verification`: sends an event by which the receiver verifies that its stream works (SSF 1.0 §8.1.4.2).
 */
@Controller('ssf/verification')
@UseGuards(BearerGuard, JsonBodyGuard)
@MachineRoute(MANAGE_SCOPE)
export class VerificationController {
  constructor(
    private readonly streams: EventStreams,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'STREAM_VERIFICATION_INTERVAL'>,
  ) {}

  @Post()
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  async verify(
    @Token() { claims }: VerifiedAccessToken,
    @Body({ schema: VerificationRequest }) { stream_id, state }: VerificationRequest,
  ): Promise<void> {
    const seconds = this.config.STREAM_VERIFICATION_INTERVAL;
    const stream = orNoSuchStream(await this.streams.visit(stream_id, claims.client_id));
    if (await this.streams.requestVerification(stream, seconds, state)) return;
    throw new ProblemError(429, 'Too Many Requests', {
      detail: `A stream can be verified once in ${seconds} seconds.`,
      headers: { 'Retry-After': String(seconds) },
    });
  }
}
