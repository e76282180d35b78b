import { ProblemError } from '@trefoil/server-kit';

/** The client of an authorization was removed while a person was signing in for it: there is nobody to answer. */
export const clientGone = (): ProblemError =>
  new ProblemError(400, 'This sign-in cannot go on', {
    detail: 'The application that sent you here is no longer registered.',
  });
