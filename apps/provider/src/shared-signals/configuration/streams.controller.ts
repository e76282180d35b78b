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
import { deliveredEvents } from '../event-mapping/event-mappings.js';
import { StreamConfigurations } from './stream-configurations.js';
import { noSuchStream, orNoSuchStream, StreamChange, StreamCreation } from './stream-requests.js';
import { MANAGE_SCOPE, StreamScopeGuard } from './stream-scope.guard.js';

/** Serves `/ssf/streams`: manages the streams of the receiver that the token was issued to (SSF 1.0 §8.1.1). */
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
      const detail = 'You have the maximum number of streams. Use one of them, or delete one.';
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
    const updated = await this.streams.update(stream, content, deliversMore(stream, content));
    return this.configurations.represent(orNoSuchStream(updated));
  }
}

/** Returns whether a change adds event types. The receiver may have missed earlier events of these types. */
function deliversMore(
  before: Pick<StreamContent, 'eventsRequested'>,
  after: Pick<StreamContent, 'eventsRequested'>,
): boolean {
  const delivered = deliveredEvents(before.eventsRequested);
  return deliveredEvents(after.eventsRequested).some((uri) => !delivered.includes(uri));
}
