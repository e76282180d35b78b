import type { Session } from '../session/session.js';

/** Finds the name of a user whose ID token has none. */
export interface NameSource {
  /** Returns the name for the page header, or undefined when there is none. May fail: the sign-in succeeds as well. */
  nameOf(session: Session): Promise<string | undefined>;
}

/** Injection token of the {@link NameSource}, which an app may provide in a global module. */
export const NAME_SOURCE = Symbol('NAME_SOURCE');
