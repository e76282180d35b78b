import type { TokenOrigin } from '@trefoil/oauth-protocol';
import type { Client } from '../../clients/client.entity.js';

/** What a token says of the client it is issued to; the generation only once all its tokens were revoked. */
export const issuedTo = ({ clientId, tokenGeneration }: Client): Omit<TokenOrigin, 'jti'> => ({
  client_id: clientId,
  client_generation: tokenGeneration > 0 ? tokenGeneration : undefined,
});
