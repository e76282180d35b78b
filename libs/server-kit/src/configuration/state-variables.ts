import { z } from 'zod';
import { redisUrl } from './variables.js';

/** The environment variables that choose where a server keeps its short-lived state. */
export const stateVariables = {
  REDIS_URL: redisUrl()
    .optional()
    .describe(
      'URL of the Redis that keeps short-lived state ([state store](state-store.md)): `redis://`, `rediss://` with TLS, ' +
        '`redis+cluster://` or `redis+sentinel://`. Without it, the database keeps it',
    ),
  REDIS_KEY_PREFIX: z
    .string()
    .regex(/^[\w.-]{1,50}$/, 'must be 1 to 50 letters, digits, dots, hyphens or underscores')
    .default('trefoil')
    .describe('Begins every key and channel in Redis, before the name of the app; differs between installations'),
};

/** The values of {@link stateVariables}. */
export type StateConfiguration = z.output<z.ZodObject<typeof stateVariables>>;
