import { StreamableFile } from '@nestjs/common';
import { PassThrough, pipeline, Readable } from 'node:stream';

/** The media type of a stream with one JSON value on each line. */
export const NDJSON = 'application/x-ndjson';

/**
 * Streams lines at the speed at which the client reads them. When reading fails or the token is revoked, the connection is
 * closed without an end, so that no client takes the lines it received for all of them.
 *
 * @param revoked The signal that the `TokenRevoked` decorator of `@trefoil/guards` injects.
 * @throws ProblemError 401 when the token has been revoked already.
 */
export function ndjsonStream(lines: AsyncIterable<string>, revoked: AbortSignal): StreamableFile {
  revoked.throwIfAborted();
  // A separate stream, because the one that reads the lines can only be destroyed when its pending query has ended.
  const answer = new PassThrough();
  pipeline(Readable.from(lines, { objectMode: false }), answer, () => undefined);
  revoked.addEventListener('abort', () => answer.destroy(revoked.reason as Error), { once: true });
  return new StreamableFile(answer, { type: NDJSON });
}
