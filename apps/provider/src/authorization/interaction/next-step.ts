import { accessDenied, consentRequired, loginRequired, type OAuthError } from '@trefoil/oauth-protocol';
import type { AuthorizationRequest } from './authorization-request.js';
import { type AuthorizationProgress, needsSignIn } from './progress.js';
import type { SignedIn } from '../../sessions/session-cookie.js';

/** How things stand with an authorization request. */
export interface Standing {
  readonly request: AuthorizationRequest;
  readonly progress: AuthorizationProgress;
  readonly signedIn: SignedIn | undefined;
  /** Who that is to the client; undefined when nobody is signed in. */
  readonly subject?: string;
  /** Whether the person has already allowed the client, now or earlier, what it asks for. */
  readonly isAllowed: boolean;
}

/** What happens next with an authorization request. */
export type NextStep =
  | { readonly step: 'sign-in' }
  | { readonly step: 'consent' }
  | { readonly step: 'refuse'; readonly error: OAuthError }
  | { readonly step: 'grant'; readonly signedIn: SignedIn };

/** What is still missing, in the order in which people are asked; with `prompt=none` nobody is asked. */
export function nextStep({ request, progress, signedIn, subject, isAllowed }: Standing): NextStep {
  const silent = request.prompt.includes('none');
  if (progress.denied) return { step: 'refuse', error: accessDenied('the person said no') };
  if (!signedIn || needsSignIn(request, progress, signedIn.session, subject)) {
    // Somebody has signed in for this request and is still not who is expected: asking again would not help.
    const isAnother = signedIn !== undefined && progress.signedIn === signedIn.session.id;
    return silent || isAnother
      ? { step: 'refuse', error: loginRequired('the person who is expected must sign in') }
      : { step: 'sign-in' };
  }
  if (!isAllowed) {
    return silent ? { step: 'refuse', error: consentRequired('the person must consent') } : { step: 'consent' };
  }
  return { step: 'grant', signedIn };
}
