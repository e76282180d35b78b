import { StreamableFile } from '@nestjs/common';
import { PassThrough, pipeline, Readable } from 'node:stream';

/** The media type of one JSON value a line. */
export const NDJSON = 'application/x-ndjson';

/**
 * Streams lines as fast as they are read, until there are no more. When they fail, or the token they are for is revoked, the
 * connection breaks off: nobody can take what came for the whole.
 *
 * @param revoked What {@link TokenRevoked} gives.
 * @throws ProblemError 401 when it has been revoked already.
 */
export function ndjsonStream(lines: AsyncIterable<string>, revoked: AbortSignal): StreamableFile {
  revoked.throwIfAborted();
  // A stream of its own: what reads the lines ends only when the query has that it waits for.
  const answer = new PassThrough();
  pipeline(Readable.from(lines, { objectMode: false }), answer, () => undefined);
  revoked.addEventListener('abort', () => answer.destroy(revoked.reason as Error), { once: true });
  return new StreamableFile(answer, { type: NDJSON });
}
