import { z } from 'zod';

/** An access token for one API. */
export const AccessToken = z.object({
  value: z.string(),
  /** In seconds since 1970. */
  expiresAt: z.int(),
  /** In seconds. */
  lifetime: z.number(),
});
export type AccessToken = z.infer<typeof AccessToken>;
