import { securityProfile, type SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { Client } from './client.entity.js';

/** Returns the algorithm of a response signed for a client: the registered one, or the default of its security profile. */
export const responseAlgorithm = (
  { securityProfile: name }: Pick<Client, 'securityProfile'>,
  registered: SigningAlgorithm | null,
): SigningAlgorithm => registered ?? securityProfile(name).idTokenAlgorithms[0] ?? 'ES256';
