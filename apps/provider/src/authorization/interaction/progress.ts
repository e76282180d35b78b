import type { Session } from '../../sessions/session.entity.js';
import type { AuthorizationRequest } from './authorization-request.js';

/** What a person has done for one authorization so far. */
export interface AuthorizationProgress {
  /** The session in which they proved who they are, for this authorization and no other. */
  readonly signedIn?: string;
  /** The session they chose to go on with (`prompt=select_account`). */
  readonly chosen?: string;
  /** The user who allowed what is asked. */
  readonly allowedBy?: string;
  readonly denied?: boolean;
}

/**
 * Whether a person must (again) prove who they are, or say with which account they go on, before an authorization does
 * (OpenID Connect Core §3.1.2.3).
 *
 * @param subject the user of the session as the client knows them (see `Subjects`).
 */
export function needsSignIn(
  request: AuthorizationRequest,
  progress: AuthorizationProgress,
  session: Session | undefined,
  subject?: string,
): boolean {
  return needsProof(request, progress, session, subject) || needsChoice(request, progress, session);
}

/** Whether the session that is there does not do, so that somebody must prove who they are. */
export function needsProof(
  { prompt, maxAge, subjects, classes }: AuthorizationRequest,
  progress: AuthorizationProgress,
  session: Session | undefined,
  subject?: string,
): boolean {
  if (!session) return true;
  if (subjects && (subject === undefined || !subjects.includes(subject))) return true;
  // Else max_age=0 would ask for ever.
  if (progress.signedIn === session.id) return false;
  if (prompt.includes('login') || (classes && !classes.includes(session.acr ?? ''))) return true;
  return maxAge !== undefined && Date.now() - session.authenticatedAt.getTime() > maxAge * 1000;
}

/** `select_account` asks with which account to go on; signing in is an answer too (OpenID Connect Core §3.1.2.1). */
function needsChoice({ prompt }: AuthorizationRequest, progress: AuthorizationProgress, session?: Session): boolean {
  return prompt.includes('select_account') && session?.id !== progress.signedIn && session?.id !== progress.chosen;
}
