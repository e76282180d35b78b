import type { AuthorizationRequest } from './authorization-request.js';
import type { AuthorizationProgress } from './authorization-progress.js';
import type { Session } from '../../sessions/session.entity.js';
import type { User } from '../../users/user.entity.js';
import { nextStep } from './next-step.js';

const session = {
  id: 'session',
  userId: 'alice',
  acr: 'pwd',
  authenticatedAt: new Date(Date.now() - 60_000),
} as Session;
const signedIn = { session, user: { id: 'alice' } as User };

interface Situation extends Partial<AuthorizationRequest> {
  progress?: AuthorizationProgress;
  isSignedIn?: boolean;
  isAllowed?: boolean;
}

function stepOf({ progress = {}, isSignedIn = true, isAllowed = true, ...changes }: Situation): string {
  const request = {
    clientId: 'c',
    redirectUri: 'https://c.example',
    responseMode: 'query' as const,
    scopes: [],
    resources: [],
    prompt: [],
    ...changes,
  };
  const known = isSignedIn ? { signedIn, subject: 'alice-to-c' } : { signedIn: undefined };
  const next = nextStep({ request, progress, ...known, isAllowed });
  return next.step === 'refuse' ? next.error.code : next.step;
}

const OTHER_CHOICE: Situation = { prompt: ['select_account'], progress: { chosen: 'other' } };
const SIGNED_IN_AS_ANOTHER: Situation = { subjects: ['bob-to-c'], progress: { signedIn: 'session' } };

describe('nextStep', () => {
  it.each<[string, Situation, string]>([
    ['grants when nothing is missing', {}, 'grant'],
    ['asks to sign in when nobody is signed in', { isSignedIn: false }, 'sign-in'],
    ['asks to sign in again for prompt=login', { prompt: ['login'] }, 'sign-in'],
    ['asks to sign in again for prompt=select_account', { prompt: ['select_account'] }, 'sign-in'],
    ['asks to sign in again when the sign-in is older than max_age', { maxAge: 59 }, 'sign-in'],
    ['accepts a sign-in younger than max_age', { maxAge: 61 }, 'grant'],
    ['asks once only for prompt=login', { prompt: ['login'], progress: { signedIn: 'session' } }, 'grant'],
    ['asks once only for max_age=0', { maxAge: 0, progress: { signedIn: 'session' } }, 'grant'],
    [
      'accepts a choice for prompt=select_account',
      { prompt: ['select_account'], progress: { chosen: 'session' } },
      'grant',
    ],
    ['accepts no choice for prompt=login', { prompt: ['login'], progress: { chosen: 'session' } }, 'sign-in'],
    ['asks to choose again when another session was chosen', OTHER_CHOICE, 'sign-in'],
    ['accepts the expected user', { subjects: ['bob-to-c', 'alice-to-c'] }, 'grant'],
    ['asks to sign in when another user is expected', { subjects: ['bob-to-c'] }, 'sign-in'],
    ['refuses when another user than the expected one has signed in', SIGNED_IN_AS_ANOTHER, 'login_required'],
    [
      'shows no page for prompt=none when another user is expected',
      { prompt: ['none'], subjects: ['bob-to-c'] },
      'login_required',
    ],
    ['asks to sign in again when the session has none of the required classes', { classes: ['other'] }, 'sign-in'],
    ['accepts a session with a required class', { classes: ['other', 'pwd'] }, 'grant'],
    ['asks again when the sign-in was in another session', { maxAge: 0, progress: { signedIn: 'other' } }, 'sign-in'],
    ['asks for consent when a permission is missing', { isAllowed: false }, 'consent'],
    ['asks to sign in before it asks for consent', { isSignedIn: false, isAllowed: false }, 'sign-in'],
    ['refuses when the user denied the request', { progress: { denied: true }, isAllowed: false }, 'access_denied'],
    [
      'shows no page for prompt=none when nobody is signed in',
      { prompt: ['none'], isSignedIn: false },
      'login_required',
    ],
    ['shows no page for prompt=none when the sign-in is too old', { prompt: ['none'], maxAge: 1 }, 'login_required'],
    ['shows no page for prompt=none without consent', { prompt: ['none'], isAllowed: false }, 'consent_required'],
    ['grants with prompt=none when nothing is missing', { prompt: ['none'] }, 'grant'],
  ])('%s (OpenID Connect Core §3.1.2.3, §3.1.2.6)', (_, situation, expected) => {
    expect(stepOf(situation)).toBe(expected);
  });
});
