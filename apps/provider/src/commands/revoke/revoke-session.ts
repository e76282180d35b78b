import { Revocations } from '../../issued-tokens/revocations.js';
import { Sessions } from '../../sessions/sessions.js';
import { notFound } from '../exit-code.js';
import { inWords, liveOfSession } from './count-live.js';
import { checkUuid, type FindTarget } from './revocation-target.js';

/** Finds the target of `revoke --session`. */
export const sessionTarget: FindTarget = async (installation, text) => {
  const id = checkUuid(text, '--session');
  const session = await installation.get(Sessions).find(id);
  if (!session) throw notFound(`There is no active session ${id}.`);
  const ended = await liveOfSession(installation, id);
  return {
    question: `End ${inWords(ended)}?`,
    revoke: async () => {
      await installation.get(Revocations).revokeSession(session, installation.origin);
      return { json: { session_id: id, sub: session.userId, ended }, text: `Ended ${inWords(ended)}.` };
    },
  };
};
