import type { LiveCounts } from '../../issued-tokens/revocation-targets/live-counts.js';
import type { RevocationTarget } from '../../issued-tokens/revocation-targets/revocation-targets.js';

/** The question that confirms a revocation, and the sentence that reports it. */
export interface RevocationWords {
  readonly question: string;
  readonly report: string;
}

/** Returns the words about a target for the person who typed the command. */
export function revocationWords({ kind, json }: RevocationTarget): RevocationWords {
  const { sub, email, client_id, grant_id, scope, jti, ended } = json;
  const many = ended && inWords(ended);
  switch (kind) {
    case 'user':
      return { question: `End ${many} of ${email}?`, report: `Ended ${many} of ${email}.` };
    case 'client':
      return {
        question: `Revoke every token of ${client_id}, including those for itself, and ${many}? It can request new ones.`,
        report: `Ended ${many} of ${client_id} and revoked all its tokens.`,
      };
    case 'session':
      return { question: `End ${many}?`, report: `Ended ${many}.` };
    case 'grant':
      return {
        question: `Revoke the grant of user ${sub} to ${client_id} (${scope})?`,
        report: `Revoked the grant ${grant_id} and its tokens.`,
      };
    case 'token':
      return client_id === undefined
        ? {
            question: `Revoke the token ${jti} and the tokens exchanged for it?`,
            report: `Revoked the token ${jti}, if it exists, and the tokens exchanged for it.`,
          }
        : {
            question: `Revoke the token ${jti} of ${client_id} and the tokens exchanged for it?`,
            report: `Revoked the token ${jti} and the tokens exchanged for it.`,
          };
  }
}

const inWords = ({ sessions, grants }: LiveCounts): string =>
  `${sessions} session${sessions === 1 ? '' : 's'} and ${grants} grant${grants === 1 ? '' : 's'}`;
