import { z } from 'zod';

/** What went wrong with an event at its receiver (RFC 8936 §2.6). */
const SetError = z.object({ err: z.string().max(200), description: z.string().max(2000).optional() });
export type SetError = z.infer<typeof SetError>;

/** What a receiver says when it polls (RFC 8936 §2.2); nothing need be said. */
export const PollRequest = z
  .object({
    maxEvents: z.int().min(0).optional(),
    returnImmediately: z.boolean().default(false),
    ack: z.array(z.string()).default([]),
    setErrs: z.record(z.string(), SetError).default({}),
  })
  .prefault({});
export type PollRequest = z.infer<typeof PollRequest>;
