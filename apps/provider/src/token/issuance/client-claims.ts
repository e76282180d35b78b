import type { TokenOrigin } from '@trefoil/oauth-protocol';
import type { Client } from '../../clients/client.entity.js';

/**
 * Returns the claims that name the client in an access token. `client_generation` is there only after all tokens of the
 * client were revoked once, so that older tokens can be told from newer ones.
 */
export const clientClaims = ({ clientId, tokenGeneration }: Client): Omit<TokenOrigin, 'jti'> => ({
  client_id: clientId,
  client_generation: tokenGeneration > 0 ? tokenGeneration : undefined,
});
