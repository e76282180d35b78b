import { ProblemError } from '@trefoil/server-kit';
import { z } from 'zod';
import { DELIVERY_METHODS } from '../streams/event-stream.entity.js';

/** Returns the schema of a text that is stored: PostgreSQL refuses U+0000 and unpaired surrogates. */
export const storedText = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .refine((text) => !/[\0\p{Cs}]/u.test(text), 'must be valid UTF-8 without U+0000');

/** The value of an `Authorization` header (RFC 9110 §5.5). */
const headerValue = z
  .string()
  .max(4000)
  .regex(/^[\x21-\x7e]+( [\x20-\x7e]*[\x21-\x7e])?$/, 'must be the value of an Authorization header');

const delivery = z.discriminatedUnion(
  'method',
  [
    z.object({ method: z.literal(DELIVERY_METHODS.poll), endpoint_url: z.string().optional() }),
    z.object({
      method: z.literal(DELIVERY_METHODS.push),
      endpoint_url: storedText(2000),
      authorization_header: headerValue.optional(),
    }),
  ],
  `must be ${DELIVERY_METHODS.push} or ${DELIVERY_METHODS.poll}`,
);
export type Delivery = z.infer<typeof delivery>;

/** The members that a receiver supplies (SSF 1.0 §8.1.1). Unknown members are ignored. */
const receiverSupplied = {
  events_requested: z.array(storedText(500)).min(1, 'must name an event type').max(100).optional(),
  delivery: delivery.optional(),
  description: storedText(1000).optional(),
};

/** The body that creates a stream (SSF 1.0 §8.1.1.1). Every member is optional, and so is the body. */
export const StreamCreation = z.object(receiverSupplied).prefault({});
export type StreamCreation = z.infer<typeof StreamCreation>;

/**
 * The body that changes or replaces a stream (SSF 1.0 §8.1.1.3, §8.1.1.4). The receiver may repeat the members that the
 * transmitter supplied.
 */
export const StreamChange = z.object({
  ...receiverSupplied,
  stream_id: z.string(),
  iss: z.unknown().optional(),
  aud: z.unknown().optional(),
  events_supported: z.unknown().optional(),
  events_delivered: z.unknown().optional(),
  min_verification_interval: z.unknown().optional(),
  inactivity_timeout: z.unknown().optional(),
});
export type StreamChange = z.infer<typeof StreamChange>;

/** Returns the error for a stream that does not exist or belongs to another receiver (SSF 1.0 §8.1.1.2). */
export const noSuchStream = (): ProblemError =>
  new ProblemError(404, 'Not Found', { detail: 'You have no stream with this id.' });

/** Returns a stream, or throws {@link noSuchStream} when it is null. */
export function orNoSuchStream<T>(stream: T | null): T {
  if (stream === null) throw noSuchStream();
  return stream;
}
