import { z } from 'zod';
import type { Answer } from '../command-tools.js';
import { wrongUsage } from '../exit-code.js';
import type { Installation } from '../installation.js';

/** The object that a command is about to revoke. */
export interface RevocationTarget {
  /** The question that confirms the revocation. */
  readonly question: string;
  revoke(): Promise<Answer>;
}

/** Finds the object that an option of `revoke` names. */
export type FindTarget = (installation: Installation, name: string) => Promise<RevocationTarget>;

const Id = z.uuid();

/**
 * Returns an id in lower case.
 *
 * @throws CommandError naming the option, if the text is not a UUID.
 */
export function checkUuid(text: string, option: string): string {
  if (Id.safeParse(text).success) return text.toLowerCase();
  throw wrongUsage(`error: ${option} must be a UUID`);
}
