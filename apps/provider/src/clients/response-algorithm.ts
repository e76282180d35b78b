import { securityProfile, type SigningAlgorithm } from '@trefoil/oauth-protocol';
import type { Client } from './client.entity.js';

/** The algorithm of what is signed for a client: the one it registered, else the first of its security profile. */
export const responseAlgorithm = (
  { securityProfile: name }: Pick<Client, 'securityProfile'>,
  registered: SigningAlgorithm | null,
): SigningAlgorithm => registered ?? securityProfile(name).idTokenAlgorithms[0] ?? 'ES256';
