import { z } from 'zod';

/** An error in one field of a request. `field` is a path such as `address.country`. */
export const FieldError = z.object({ field: z.string(), message: z.string() });
export type FieldError = z.infer<typeof FieldError>;

/** A problem document (RFC 9457 §3). `errors` lists the fields that are wrong; `requestId` finds the request in the log. */
export const Problem = z.object({
  type: z.string().default('about:blank'),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  errors: z.array(FieldError).optional(),
  requestId: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;
