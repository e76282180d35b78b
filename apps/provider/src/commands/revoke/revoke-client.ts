import { Revocations } from '../../issued-tokens/revocations.js';
import { findClient } from '../clients/find-client.js';
import { inWords, liveOfClient } from './count-live.js';
import type { FindTarget } from './revocation-target.js';

/** `revoke --client` */
export const clientTarget: FindTarget = async (installation, clientId) => {
  await findClient(installation, clientId);
  const ended = await liveOfClient(installation, clientId);
  return {
    question: `End every token of ${clientId}, those it got for itself too, and ${inWords(ended)}? It can get new ones.`,
    revoke: async () => {
      await installation.get(Revocations).revokeClientTokens(clientId, installation.origin);
      return {
        json: { client_id: clientId, ended },
        text: `Ended ${inWords(ended)} of ${clientId}, and every token it had until now.`,
      };
    },
  };
};
