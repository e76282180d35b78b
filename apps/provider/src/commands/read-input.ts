import { addAbortSignal, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/**
 * Reads a stream to its end, as text.
 *
 * @param interrupted aborts the wait for input.
 * @throws Error when it was aborted.
 */
export const readInput = (input: Readable, interrupted: AbortSignal): Promise<string> =>
  text(addAbortSignal(interrupted, input));
