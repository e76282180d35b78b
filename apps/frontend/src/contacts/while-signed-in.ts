import type { Readable } from 'node:stream';

const CHECK_EVERY_MILLISECONDS = 500;

/**
 * Breaks a stream off when the person is signed in no longer, however slowly it is read: nobody can take what came for the
 * whole.
 *
 * @param isSignedIn A rejection counts as yes: it is a fault of ours, and the backend ends what it sends by itself.
 */
export function whileSignedIn(stream: Readable, isSignedIn: () => Promise<boolean>): Readable {
  let checking = false;
  const check = async () => {
    if (checking) return;
    checking = true;
    if (!(await isSignedIn().catch(() => true))) stream.destroy(new Error('the session has ended'));
    checking = false;
  };
  const timer = setInterval(() => void check(), CHECK_EVERY_MILLISECONDS);
  return stream.once('close', () => clearInterval(timer));
}
