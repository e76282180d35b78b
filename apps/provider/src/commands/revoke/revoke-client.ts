import { Revocations } from '../../issued-tokens/revocations.js';
import { findClient } from '../clients/find-client.js';
import { inWords, liveOfClient } from './count-live.js';
import type { FindTarget } from './revocation-target.js';

/** Finds the target of `revoke --client`. */
export const clientTarget: FindTarget = async (installation, clientId) => {
  await findClient(installation, clientId);
  const ended = await liveOfClient(installation, clientId);
  return {
    question: `Revoke every token of ${clientId}, including those for itself, and ${inWords(ended)}? It can request new ones.`,
    revoke: async () => {
      await installation.get(Revocations).revokeClientTokens(clientId, installation.origin);
      return {
        json: { client_id: clientId, ended },
        text: `Ended ${inWords(ended)} of ${clientId} and revoked all its tokens.`,
      };
    },
  };
};
