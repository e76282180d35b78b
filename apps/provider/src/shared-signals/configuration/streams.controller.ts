import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Inject,
  Patch,
  Post,
  Put,
  Query,
  UseGuards,
} from '@nestjs/common';
import { BearerGuard, MachineRoute, Token, type VerifiedAccessToken } from '@trefoil/guards';
import { ProblemError } from '@trefoil/server-kit';
import { CONFIG, type ProviderConfig } from '../../config.js';
import { JsonBodyGuard } from '../../http/json-body.guard.js';
import type { EventStream } from '../streams/event-stream.entity.js';
import { EventStreams, type StreamContent } from '../streams/event-streams.js';
import { deliveredOf } from '../event-mapping/event-mappings.js';
import { noSuchStream, orNoSuchStream } from './no-such-stream.js';
import { StreamConfigurations } from './stream-configurations.js';
import { StreamChange, StreamCreation } from './stream-request.js';
import { MANAGE_SCOPE, StreamScopeGuard } from './stream-scope.guard.js';

/** The configuration endpoint: the streams of the receiver whose token it is (SSF 1.0 §8.1.1). */
@Controller('ssf/streams')
@UseGuards(BearerGuard, JsonBodyGuard)
@MachineRoute(MANAGE_SCOPE)
export class StreamsController {
  constructor(
    private readonly streams: EventStreams,
    private readonly configurations: StreamConfigurations,
    @Inject(CONFIG) private readonly config: Pick<ProviderConfig, 'STREAMS_PER_CLIENT'>,
  ) {}

  /** Creates a stream (SSF 1.0 §8.1.1.1). */
  @Post()
  @HttpCode(201)
  @Header('Cache-Control', 'no-store')
  async create(@Token() { claims }: VerifiedAccessToken, @Body({ schema: StreamCreation }) creation: StreamCreation) {
    const created = await this.streams.create(claims.client_id, this.config.STREAMS_PER_CLIENT, (id) =>
      this.configurations.contentOf(id, creation),
    );
    if (!created) {
      const detail = 'You have as many streams as you may have: use one of them, or delete it.';
      throw new ProblemError(409, 'Conflict', { detail });
    }
    return this.configurations.represent(created);
  }

  /** Reads one stream, or all of them (SSF 1.0 §8.1.1.2). */
  @Get()
  @MachineRoute()
  @UseGuards(StreamScopeGuard)
  @Header('Cache-Control', 'no-store')
  async read(@Token() { claims }: VerifiedAccessToken, @Query('stream_id') id?: string | string[]) {
    if (id === undefined) {
      return (await this.streams.ofClient(claims.client_id)).map((stream) => this.configurations.represent(stream));
    }
    return this.configurations.represent(orNoSuchStream(await this.streams.visit(String(id), claims.client_id)));
  }

  /** Changes a stream (SSF 1.0 §8.1.1.3). */
  @Patch()
  @Header('Cache-Control', 'no-store')
  change(@Token() token: VerifiedAccessToken, @Body({ schema: StreamChange }) change: StreamChange) {
    return this.update(token, change, (stream) => this.configurations.changed(stream, change));
  }

  /** Replaces a stream (SSF 1.0 §8.1.1.4). */
  @Put()
  @Header('Cache-Control', 'no-store')
  replace(@Token() token: VerifiedAccessToken, @Body({ schema: StreamChange }) replacement: StreamChange) {
    return this.update(token, replacement, (stream) => this.configurations.replaced(stream, replacement));
  }

  /** Deletes a stream (SSF 1.0 §8.1.1.5). */
  @Delete()
  @HttpCode(204)
  @Header('Cache-Control', 'no-store')
  async remove(@Token() { claims }: VerifiedAccessToken, @Query('stream_id') id?: string | string[]): Promise<void> {
    if (!(await this.streams.remove(String(id), claims.client_id))) throw noSuchStream();
  }

  private async update(
    { claims }: VerifiedAccessToken,
    { stream_id }: StreamChange,
    contentOf: (stream: EventStream) => StreamContent,
  ) {
    const stream = orNoSuchStream(await this.streams.visit(stream_id, claims.client_id));
    const content = contentOf(stream);
    const updated = await this.streams.update(stream, content, hearsMore(stream, content));
    return this.configurations.represent(orNoSuchStream(updated));
  }
}

/** Whether a stream is to tell what it did not tell before: the receiver may not know of what has just ended. */
function hearsMore(
  before: Pick<StreamContent, 'eventsRequested'>,
  after: Pick<StreamContent, 'eventsRequested'>,
): boolean {
  const delivered = deliveredOf(before.eventsRequested);
  return deliveredOf(after.eventsRequested).some((uri) => !delivered.includes(uri));
}
