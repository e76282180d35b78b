import { ErrorPage } from '@trefoil/ui';
import { Footer, headerOf } from '../http/site-layout.js';
import type { Viewer } from '../page-access/current-user.pipe.js';
import { signInPath } from './return-to.js';

const PROBLEMS = {
  unknown: {
    status: 400,
    title: 'This sign-in cannot go on',
    message:
      'It was begun in another browser, or more than ten minutes ago, or you have used the link before. ' +
      'Nothing has happened to your account.',
  },
  used: {
    status: 400,
    title: 'This sign-in was used already',
    message: 'A sign-in can be finished only once. Start again: it takes a moment only.',
  },
  denied: {
    status: 403,
    title: 'You are not signed in',
    message: 'You said no, so this application has learnt nothing about you. You can change your mind at any time.',
  },
  refused: {
    status: 400,
    title: 'You could not be signed in',
    message: 'The answer of the sign-in service could not be accepted. Starting again usually helps.',
  },
  unavailable: {
    status: 503,
    title: 'Signing in is not possible at the moment',
    message: 'The sign-in service does not answer. Try again in a few seconds.',
  },
} as const;

/** Why a sign-in ended without a session. */
export type SignInProblem = keyof typeof PROBLEMS;

export const statusOfProblem = (problem: SignInProblem): number => PROBLEMS[problem].status;

interface SignInProblemPageProps {
  problem: SignInProblem;
  returnTo: string;
  requestId: string;
  viewer?: Viewer | undefined;
}

/** Says that a sign-in did not work, and offers to begin again; it never begins by itself, which could go round for ever. */
export function SignInProblemPage({ problem, returnTo, requestId, viewer }: SignInProblemPageProps) {
  const { title, message } = PROBLEMS[problem];
  const again = { href: signInPath(returnTo), label: 'Sign in again' };
  const home = { href: '/', label: 'Start page' };
  return (
    <ErrorPage
      {...headerOf(viewer)}
      title={title}
      message={viewer ? `${message} You stay signed in as ${viewer.name}.` : message}
      next={viewer ? [home, again] : [again, home]}
      id={requestId}
      footer={<Footer />}
    />
  );
}
