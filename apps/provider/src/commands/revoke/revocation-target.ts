import type { Answer } from '../answer.js';
import type { Installation } from '../installation.js';

/** The object that a command is about to revoke. */
export interface RevocationTarget {
  /** The question that confirms the revocation. */
  readonly question: string;
  revoke(): Promise<Answer>;
}

/** Finds the object that an option of `revoke` names. */
export type FindTarget = (installation: Installation, name: string) => Promise<RevocationTarget>;
