import type { Answer } from '../answer.js';
import type { Installation } from '../installation.js';

/** What is about to be revoked: enough to ask whether it is meant, and how it is done. */
export interface RevocationTarget {
  /** What will end, as a question. */
  readonly question: string;
  revoke(): Promise<Answer>;
}

/** Finds what an option of `revoke` names. */
export type FindTarget = (installation: Installation, name: string) => Promise<RevocationTarget>;
