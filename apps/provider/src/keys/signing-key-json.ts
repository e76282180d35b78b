import { z } from 'zod';
import type { KeyLifecycle } from './key-lifecycle.js';
import { OFFERED_ALGORITHMS } from './offered-algorithms.js';

/** A signing key as the admin API and the commands show it. */
export const SigningKeyJson = z.object({
  kid: z.string(),
  alg: z.enum(OFFERED_ALGORITHMS),
  state: z.enum(['waiting', 'signing', 'verifying', 'retired']),
  created_at: z.iso.datetime(),
  signs_from: z.iso.datetime(),
  /** When its successor starts to sign; null when it has no successor. */
  signs_until: z.iso.datetime().nullable(),
  /** When it is removed from `/jwks`; null when it has no successor. */
  retires_at: z.iso.datetime().nullable(),
});
export type SigningKeyJson = z.infer<typeof SigningKeyJson>;

/** Returns the JSON of a signing key. */
export const signingKeyJson = (key: KeyLifecycle): SigningKeyJson => ({
  kid: key.kid,
  alg: key.algorithm,
  state: key.state,
  created_at: key.createdAt.toISOString(),
  signs_from: key.signsFrom.toISOString(),
  signs_until: key.signsUntil?.toISOString() ?? null,
  retires_at: key.retiresAt?.toISOString() ?? null,
});
