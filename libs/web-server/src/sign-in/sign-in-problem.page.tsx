import { ErrorPage } from '@trefoil/ui';
import { useContext } from 'preact/hooks';
import { signInLink, START_PAGE } from '../http/links.js';
import { type CurrentUser, headerFor, SiteContext } from '../http/site-layout.js';

const PROBLEMS = {
  unknown: {
    status: 400,
    title: 'This sign-in cannot go on',
    message:
      'It was started in another browser, or more than ten minutes ago, or the link was used before. ' +
      'Nothing has happened to your account.',
  },
  used: {
    status: 400,
    title: 'This sign-in was used already',
    message: 'A sign-in can be finished only once. Start again: it takes only a moment.',
  },
  denied: {
    status: 403,
    title: 'You are not signed in',
    message: 'You said no, so this application has received nothing about you. You can change your mind at any time.',
  },
  refused: {
    status: 400,
    title: 'You could not be signed in',
    message: 'The answer of the sign-in service could not be accepted. Starting again usually helps.',
  },
  ended: {
    status: 400,
    title: 'You were signed out',
    message: 'The sign-in service ended your session while you were signing in. Start again: it takes only a moment.',
  },
  unavailable: {
    status: 503,
    title: 'Signing in is not possible at the moment',
    message: 'The sign-in service does not answer. Try again in a few seconds.',
  },
} as const;

/** The reason why a sign-in ended without a session. */
export type SignInProblem = keyof typeof PROBLEMS;

export const statusOfProblem = (problem: SignInProblem): number => PROBLEMS[problem].status;

interface SignInProblemPageProps {
  problem: SignInProblem;
  returnTo: string;
  requestId: string;
  user?: CurrentUser | undefined;
}

/** Explains why a sign-in failed, and offers to start again. It does not start by itself, because that could loop. */
export function SignInProblemPage({ problem, returnTo, requestId, user }: SignInProblemPageProps) {
  const site = useContext(SiteContext);
  const { title, message } = PROBLEMS[problem];
  const signInAgain = signInLink(returnTo);
  return (
    <ErrorPage
      {...headerFor(site, user)}
      title={title}
      message={user ? `${message} You stay signed in as ${user.name}.` : message}
      next={user ? [START_PAGE, signInAgain] : [signInAgain, START_PAGE]}
      id={requestId}
      footer={site.footer}
    />
  );
}
