import { type BeforeApplicationShutdown, Inject, Injectable, StreamableFile } from '@nestjs/common';
import { onResponseClose, resetResponse, TooManyRequestsError } from '@trefoil/server-kit';
import type { ServerResponse } from 'node:http';
import { PassThrough, pipeline, Readable } from 'node:stream';

/** The media type of a stream with one JSON value on each line. */
export const NDJSON = 'application/x-ndjson';

/** Injection token of {@link NdjsonStreamOptions}. */
export const NDJSON_STREAM_OPTIONS = Symbol('NDJSON_STREAM_OPTIONS');

const RETRY_AFTER_SECONDS = 5;
/** The longest time that a reader may take nothing while the server shuts down. */
const SHUTDOWN_IDLE_SECONDS = 3;

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
  private readonly open = new Map<ServerResponse, string>();
  private idleSeconds: number;

  constructor(@Inject(NDJSON_STREAM_OPTIONS) private readonly options: NdjsonStreamOptions) {
    this.idleSeconds = options.idleSeconds;
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
    this.admit(raw, sub);
    const lines = await readLines();
    revoked?.throwIfAborted();
    // A separate stream, because the one that reads the lines can only be destroyed when its pending query has ended.
    const answer = new PassThrough();
    pipeline(Readable.from(lines, { objectMode: false }), answer, () => undefined);
    revoked?.addEventListener('abort', () => answer.destroy(revoked.reason as Error), { once: true });
    this.resetWhenIdle(raw);
    return new StreamableFile(answer, { type: NDJSON });
  }

  /** Gives readers that take nothing less time. The server stops when all streams have ended. */
  beforeApplicationShutdown(): void {
    this.idleSeconds = Math.min(this.idleSeconds, SHUTDOWN_IDLE_SECONDS);
    for (const response of this.open.keys()) response.setTimeout(this.idleSeconds * 1000);
  }

  private admit(response: ServerResponse, sub: string): void {
    const open = [...this.open.values()].filter((other) => other === sub).length;
    if (open >= this.options.openStreams) throw new TooManyRequestsError('open streams', RETRY_AFTER_SECONDS);
    this.open.set(response, sub);
    onResponseClose(response, () => this.open.delete(response));
  }

  private resetWhenIdle(response: ServerResponse): void {
    response.setTimeout(this.idleSeconds * 1000, () => {
      // Without unsent bytes, the reader waits for the server.
      if (response.writableLength > 0) resetResponse(response);
      else response.setTimeout(this.idleSeconds * 1000);
    });
  }
}
