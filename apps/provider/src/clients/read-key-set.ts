import type { JWK } from 'jose';
import { z } from 'zod';

const MOST_KEYS = 100;

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(MOST_KEYS) });

/** The keys of a JWK set; undefined when it is none, or has more than a hundred (RFC 7517 §5). */
export function readKeySet(json: unknown): readonly JWK[] | undefined {
  const parsed = keySetSchema.safeParse(json);
  return parsed.success ? parsed.data.keys : undefined;
}
