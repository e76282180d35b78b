import { Revocations } from '../../issued-tokens/revocations.js';
import { findUser } from '../users/find-user.js';
import { inWords, liveOfUser } from './count-live.js';
import type { FindTarget } from './revocation-target.js';

/** Finds the target of `revoke --user`. */
export const userTarget: FindTarget = async (installation, name) => {
  const { id, email } = await findUser(installation, name);
  const ended = await liveOfUser(installation, id);
  return {
    question: `End ${inWords(ended)} of ${email}?`,
    revoke: async () => {
      await installation.get(Revocations).revokeUserTokens(id, installation.origin);
      return { json: { sub: id, email, ended }, text: `Ended ${inWords(ended)} of ${email}.` };
    },
  };
};
