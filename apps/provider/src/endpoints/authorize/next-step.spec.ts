import type { AuthorizationRequest } from '../../model/pending-authorizations/authorization-request.js';
import type { AuthorizationProgress } from '../../model/pending-authorizations/progress.js';
import type { Session } from '../../model/sessions/session.entity.js';
import type { User } from '../../model/users/user.entity.js';
import { nextStep } from './next-step.js';

const session = { id: 'session', userId: 'alice', authenticatedAt: new Date(Date.now() - 60_000) } as Session;
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
    scopes: [],
    resources: [],
    prompt: [],
    ...changes,
  };
  const next = nextStep({ request, progress, signedIn: isSignedIn ? signedIn : undefined, isAllowed });
  return next.step === 'refuse' ? next.error.code : next.step;
}

describe('nextStep', () => {
  it.each<[string, Situation, string]>([
    ['grants when nothing is missing', {}, 'grant'],
    ['asks to sign in when nobody is', { isSignedIn: false }, 'sign-in'],
    ['asks to sign in again for prompt=login', { prompt: ['login'] }, 'sign-in'],
    ['asks to sign in again for prompt=select_account', { prompt: ['select_account'] }, 'sign-in'],
    ['asks to sign in again when the sign-in is older than max_age', { maxAge: 59 }, 'sign-in'],
    ['is content with a sign-in younger than max_age', { maxAge: 61 }, 'grant'],
    ['asks once only for prompt=login', { prompt: ['login'], progress: { signedIn: 'session' } }, 'grant'],
    ['asks once only for max_age=0', { maxAge: 0, progress: { signedIn: 'session' } }, 'grant'],
    ['asks again when the sign-in was another session', { maxAge: 0, progress: { signedIn: 'other' } }, 'sign-in'],
    ['asks to consent when something is not allowed', { isAllowed: false }, 'consent'],
    ['asks to sign in before it asks to consent', { isSignedIn: false, isAllowed: false }, 'sign-in'],
    ['tells of a refusal', { progress: { denied: true }, isAllowed: false }, 'access_denied'],
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
