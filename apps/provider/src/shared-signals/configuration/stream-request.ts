import { z } from 'zod';
import { DELIVERY_METHODS } from '../streams/delivery-methods.js';
import { storedText } from './stored-text.js';

/** What may stand in an `Authorization` header (RFC 9110 §5.5). */
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

/** What a receiver says of a stream (SSF 1.0 §8.1.1); what is not known is ignored. */
const receiverSupplied = {
  events_requested: z.array(storedText(500)).min(1, 'must name an event type').max(100).optional(),
  delivery: delivery.optional(),
  description: storedText(1000).optional(),
};

/** The body that creates a stream (SSF 1.0 §8.1.1.1); everything may be left out. */
export const StreamCreation = z.object(receiverSupplied).prefault({});
export type StreamCreation = z.infer<typeof StreamCreation>;

/** The body that changes or replaces a stream (SSF 1.0 §8.1.1.3, §8.1.1.4), with what the transmitter had said of it. */
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
