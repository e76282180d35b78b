import { type AccessTokenClaims, lineageOf, type TokenOrigin } from '@trefoil/oauth-protocol';
import { z } from 'zod';

const id = z.string().min(1);

/** Identifies a revoked token, grant or session, or a client whose tokens are revoked up to a generation. */
export const Revocation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token'), id }),
  z.object({ kind: z.literal('grant'), id }),
  z.object({ kind: z.literal('session'), id }),
  // Without a generation, every token of the client is revoked.
  z.object({ kind: z.literal('client'), id, generation: z.number().optional() }),
]);
export type Revocation = z.output<typeof Revocation>;

/** The claims of a token that revocations are matched with. */
export type RevocableClaims = Pick<AccessTokenClaims, 'jti' | 'client_id' | 'client_generation' | 'origins'> &
  Partial<Pick<AccessTokenClaims, 'sid' | 'grant_id'>>;

/** Returns the key under which a revocation is kept. */
export const keyOf = ({ kind, id }: Pick<Revocation, 'kind' | 'id'>): string => `${kind} ${id}`;

/**
 * Yields the keys of all revocations that can apply to a token: those of its grant and its session, and those of the id and
 * the client of the token itself and of each token that it was exchanged for.
 */
export function* keysOf(claims: RevocableClaims): Generator<string> {
  if (claims.grant_id !== undefined) yield keyOf({ kind: 'grant', id: claims.grant_id });
  if (claims.sid !== undefined) yield keyOf({ kind: 'session', id: claims.sid });
  for (const { jti, client_id } of lineageOf(claims)) {
    yield keyOf({ kind: 'token', id: jti });
    yield keyOf({ kind: 'client', id: client_id });
  }
}

/**
 * Returns whether a revocation applies to a token. The key of the revocation must be one of the token's {@link keysOf}: only
 * the generation of a client is left to compare.
 */
export function revokes(revocation: Revocation, claims: RevocableClaims): boolean {
  if (revocation.kind !== 'client') return true;
  const { id, generation = Infinity } = revocation;
  const isOlder = ({ client_id, client_generation = 0 }: TokenOrigin) =>
    client_id === id && client_generation < generation;
  return lineageOf(claims).some(isOlder);
}
