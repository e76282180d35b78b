import type { TokenOrigin } from '@trefoil/oauth-protocol';
import { InvalidTokenError } from './invalid-token-error.js';

/**
 * Checks what says by whose end a token ends: a claim that is not understood would let it live on.
 *
 * @throws InvalidTokenError
 */
export function checkOrigins({
  client_generation,
  origins,
}: Readonly<Record<string, unknown>>): Pick<TokenOrigin, 'client_generation'> & { origins?: readonly TokenOrigin[] } {
  if (!isGeneration(client_generation)) {
    throw new InvalidTokenError('the generation of the token is not a number (client_generation)');
  }
  if (origins !== undefined && !(Array.isArray(origins) && origins.every(isOrigin))) {
    throw new InvalidTokenError('the tokens that it came from are not understood (origins)');
  }
  return { ...(client_generation !== undefined && { client_generation }), ...(origins && { origins }) };
}

const isGeneration = (value: unknown): value is number | undefined =>
  value === undefined || (typeof value === 'number' && Number.isSafeInteger(value));

function isOrigin(value: unknown): value is TokenOrigin {
  if (typeof value !== 'object' || value === null) return false;
  const { jti, client_id, client_generation } = value as Record<string, unknown>;
  return typeof jti === 'string' && typeof client_id === 'string' && isGeneration(client_generation);
}
