import { ProblemError } from '@trefoil/server-kit';

/** The answer for a stream that is not there, or is not the receiver's (SSF 1.0 §8.1.1.2). */
export const noSuchStream = (): ProblemError =>
  new ProblemError(404, 'Not Found', { detail: 'You have no stream with this id.' });

/** What is there, or else the answer that it is not. */
export function orNoSuchStream<T>(stream: T | null): T {
  if (stream === null) throw noSuchStream();
  return stream;
}
