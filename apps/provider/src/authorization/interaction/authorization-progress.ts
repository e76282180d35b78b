import type { Session } from '../../sessions/session.entity.js';
import type { AuthorizationRequest } from './authorization-request.js';

/** The steps that a user has completed for one authorization. */
export interface AuthorizationProgress {
  /** The id of the session in which the user signed in for this authorization. */
  readonly signedIn?: string;
  /** The id of the session whose account the user chose (`prompt=select_account`). */
  readonly chosen?: string;
  /** The id of the user who gave consent. */
  readonly allowedBy?: string;
  readonly denied?: boolean;
}

/**
 * Returns whether an authorization needs the sign-in page: because the user must authenticate (again), or must choose
 * an account (OpenID Connect Core §3.1.2.3).
 *
 * @param subject the subject under which the client knows the user of the session (see `Subjects`).
 */
export function needsSignIn(
  request: AuthorizationRequest,
  progress: AuthorizationProgress,
  session: Session | undefined,
  subject?: string,
): boolean {
  return needsAuthentication(request, progress, session, subject) || needsChoice(request, progress, session);
}

/** Returns whether the session does not meet the request, so that a user must authenticate. */
export function needsAuthentication(
  { prompt, maxAge, subjects, classes }: AuthorizationRequest,
  progress: AuthorizationProgress,
  session: Session | undefined,
  subject?: string,
): boolean {
  if (!session) return true;
  if (subjects && (subject === undefined || !subjects.includes(subject))) return true;
  // Without this line, max_age=0 and prompt=login would ask again after every sign-in.
  if (progress.signedIn === session.id) return false;
  if (prompt.includes('login') || (classes && !classes.includes(session.acr ?? ''))) return true;
  return maxAge !== undefined && Date.now() - session.authenticatedAt.getTime() > maxAge * 1000;
}

/** Returns whether `select_account` still needs an answer. A sign-in is one as well (OpenID Connect Core §3.1.2.1). */
function needsChoice({ prompt }: AuthorizationRequest, progress: AuthorizationProgress, session?: Session): boolean {
  return prompt.includes('select_account') && session?.id !== progress.signedIn && session?.id !== progress.chosen;
}
