import { type BeforeApplicationShutdown, Inject, Injectable, StreamableFile } from '@nestjs/common';
import { OpenResponses } from '@trefoil/server-kit';
import type { ServerResponse } from 'node:http';
import { PassThrough, pipeline, Readable } from 'node:stream';

/** The media type of a stream with one JSON value on each line. */
export const NDJSON = 'application/x-ndjson';

/** Injection token of {@link NdjsonStreamOptions}. */
export const NDJSON_STREAM_OPTIONS = Symbol('NDJSON_STREAM_OPTIONS');

/** The limits of the streams of one replica. */
export interface NdjsonStreamOptions {
  /** The most streams that one user, or one machine client, may have open at the same time. */
  readonly openStreams: number;
  /** The time in seconds after which a stream is reset whose reader takes nothing. */
  readonly idleSeconds: number;
}

/** The reader of a stream. */
export interface StreamReader {
  readonly reply: { readonly raw: ServerResponse };
  /** The `sub` of the token: the user, or the machine client. */
  readonly sub: string;
  /** The signal that the `TokenRevoked` decorator of `@trefoil/guards` injects. */
  readonly revoked?: AbortSignal;
}

/** Streams lines to clients at the speed at which they read, and limits what a reader that stalls can hold. */
@Injectable()
export class NdjsonStreams implements BeforeApplicationShutdown {
  private readonly open: OpenResponses;

  constructor(@Inject(NDJSON_STREAM_OPTIONS) { openStreams, idleSeconds }: NdjsonStreamOptions) {
    this.open = new OpenResponses({ limit: 'open-streams', most: openStreams, idleSeconds });
  }

  /**
   * Opens a stream. When reading fails, the token is revoked or the reader takes nothing for too long, the connection is
   * reset, so that no client takes the lines that it received for all of them.
   *
   * @param readLines Reads the first batch and returns the lines, as `jsonLines` does. Called when the stream is admitted.
   * @throws TooManyRequestsError 429 when the reader has too many open streams. ProblemError 401 when the token has been
   *   revoked already.
   */
  async send(
    { reply: { raw }, sub, revoked }: StreamReader,
    readLines: () => Promise<AsyncIterable<string>>,
  ): Promise<StreamableFile> {
    this.open.admit(raw, sub);
    const lines = await readLines();
    revoked?.throwIfAborted();
    // A separate stream, because the one that reads the lines can only be destroyed when its pending query has ended.
    const answer = new PassThrough();
    pipeline(Readable.from(lines, { objectMode: false }), answer, () => undefined);
    revoked?.addEventListener('abort', () => answer.destroy(revoked.reason as Error), { once: true });
    this.open.resetWhenIdle(raw);
    return new StreamableFile(answer, { type: NDJSON });
  }

  beforeApplicationShutdown(): void {
    this.open.beginShutdown();
  }
}
