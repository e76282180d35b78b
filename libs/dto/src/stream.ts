import { z } from 'zod';

/** The query of a route that streams one JSON object on each line. */
export const StreamQuery = z.object({
  end: z
    .literal('line', 'must be line')
    .optional()
    .describe(
      'With `line` a stream ends with one more line, `{"end":true,"count":N}`, where N is the number of lines before it. ' +
        'A stream without that line is not complete.',
    ),
});
export type StreamQuery = z.infer<typeof StreamQuery>;

/**
 * The last line of a complete stream that was requested with `end=line`. `count` is the number of lines before it. It shows
 * that nothing is missing, also to a reader behind a proxy that closes an aborted stream like a complete one.
 */
export const StreamEnd = z.object({ end: z.literal(true), count: z.number().int().min(0) });
export type StreamEnd = z.infer<typeof StreamEnd>;
