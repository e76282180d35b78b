import type { Session } from '../sessions/session.entity.js';
import type { AuthorizationRequest } from './authorization-request.js';

/** What a person has done for one authorization so far. */
export interface AuthorizationProgress {
  /** The session in which they proved who they are, for this authorization and no other. */
  readonly signedIn?: string;
  /** The user who allowed what is asked. */
  readonly allowedBy?: string;
  readonly denied?: boolean;
}

/** Whether a person must (again) prove who they are before an authorization goes on (OpenID Connect Core §3.1.2.3). */
export function needsSignIn(
  { prompt, maxAge }: AuthorizationRequest,
  progress: AuthorizationProgress,
  session: Session | undefined,
  now = Date.now(),
): boolean {
  if (!session) return true;
  // Else max_age=0 would ask for ever.
  if (progress.signedIn === session.id) return false;
  if (prompt.includes('login') || prompt.includes('select_account')) return true;
  return maxAge !== undefined && now - session.authenticatedAt.getTime() > maxAge * 1000;
}
