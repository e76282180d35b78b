import { addAbortSignal, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/**
 * Everything that comes in at a stream, as text.
 *
 * @param interrupted ends the wait: what is never sent must not hold up whoever has had enough.
 * @throws Error when it is interrupted.
 */
export const readInput = (input: Readable, interrupted: AbortSignal): Promise<string> =>
  text(addAbortSignal(interrupted, input));
