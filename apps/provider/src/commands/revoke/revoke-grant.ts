import { Grants } from '../../grants/grants.js';
import { Revocations } from '../../issued-tokens/revocations.js';
import { notFound } from '../exit-code.js';
import { checkUuid, type FindTarget } from './revocation-target.js';

/** Finds the target of `revoke --grant`. */
export const grantTarget: FindTarget = async (installation, text) => {
  const id = checkUuid(text, '--grant');
  const grant = await installation.get(Grants).find(id);
  if (!grant?.isLive) throw notFound(`There is no active grant ${id}.`);
  const { clientId, userId } = grant;
  return {
    question: `Revoke the grant of user ${userId} to ${clientId} (${grant.scopes.join(' ')})?`,
    revoke: async () => {
      await installation.get(Revocations).revokeGrant(grant, installation.origin);
      const ended = { sessions: 0, grants: 1 };
      return {
        json: { grant_id: id, sub: userId, client_id: clientId, ended },
        text: `Revoked the grant ${id} and its tokens.`,
      };
    },
  };
};
