import { type AccessTokenClaims, lineageOf, type TokenOrigin } from '@trefoil/oauth-protocol';
import { z } from 'zod';

const id = z.string().min(1);

/** What ends tokens: themselves, their grant, their session, or their client up to a generation. */
export const Ending = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token'), id }),
  z.object({ kind: z.literal('grant'), id }),
  z.object({ kind: z.literal('session'), id }),
  // Without a generation every token of the client has ended.
  z.object({ kind: z.literal('client'), id, generation: z.number().optional() }),
]);
export type Ending = z.output<typeof Ending>;

/** The claims by which a token can end. */
export type EndableClaims = Pick<AccessTokenClaims, 'jti' | 'client_id' | 'client_generation' | 'origins'> &
  Partial<Pick<AccessTokenClaims, 'sid' | 'grant_id'>>;

/** What is looked up to learn whether an ending was told. */
export const keyOf = ({ kind, id }: Pick<Ending, 'kind' | 'id'>): string => `${kind} ${id}`;

/** The keys of everything that would end a token: as many as the tokens it came from, thrice at the most. */
export function* keysOf(claims: EndableClaims): Generator<string> {
  if (claims.grant_id !== undefined) yield keyOf({ kind: 'grant', id: claims.grant_id });
  if (claims.sid !== undefined) yield keyOf({ kind: 'session', id: claims.sid });
  for (const { jti, client_id } of lineageOf(claims)) {
    yield keyOf({ kind: 'token', id: jti });
    yield keyOf({ kind: 'client', id: client_id });
  }
}

/** Whether an ending whose key is one of a token's {@link keysOf} ends it: of a client's tokens some may be newer. */
export function ends(ending: Ending, claims: EndableClaims): boolean {
  if (ending.kind !== 'client') return true;
  const { id, generation = Infinity } = ending;
  const isOlder = ({ client_id, client_generation = 0 }: TokenOrigin) =>
    client_id === id && client_generation < generation;
  return lineageOf(claims).some(isOlder);
}
