import { Readable, Transform } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { API_SECONDS, LARGEST_API_RESPONSE } from '../limits.js';

/**
 * Returns the body of an API's response as a stream that fails when it becomes too large, or when the API sends nothing for
 * too long while the reader waits. Returns undefined when the response has no body.
 */
export function apiResponseBody({ body }: Response): Readable | undefined {
  if (!body) return undefined;
  let bytes = 0;
  const source = Readable.fromWeb(body as ReadableStream<Uint8Array>);
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      timer.refresh();
      if (bytes > LARGEST_API_RESPONSE) done(new Error('the response of the API is too large'));
      else done(null, chunk);
    },
    destroy(error, done) {
      clearTimeout(timer);
      source.destroy();
      done(error);
    },
  });
  const timer = setTimeout(() => {
    // A reader that takes nothing is another limit's concern.
    if (limited.readableLength > 0) timer.refresh();
    else limited.destroy(new Error('the API sends nothing'));
  }, API_SECONDS * 1000).unref();
  source.once('error', (error) => limited.destroy(error));
  return source.pipe(limited);
}
