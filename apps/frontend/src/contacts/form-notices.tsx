import { DependencyUnavailableError } from '@trefoil/server-kit';
import { Notice } from '@trefoil/ui';
import { BackendUnavailableError } from '../backend-client/backend-errors.js';

/** Whether saving failed only because a server is down, so that pressing the button again may help. */
export const isUnavailable = (error: unknown): error is BackendUnavailableError | DependencyUnavailableError =>
  error instanceof BackendUnavailableError || error instanceof DependencyUnavailableError;

/** A form that had found its session gone, after signing in again. */
export function KeptNotice() {
  return (
    <Notice kind="warning" title="Not saved yet">
      You had been signed out, so your text was kept. Look it over, then save it.
    </Notice>
  );
}

/** A form that could not be saved because a server is down. */
export function UnavailableNotice() {
  return (
    <Notice kind="warning" title="Not saved yet">
      A server that is needed for this does not answer. Your text is still here: save it again in a few seconds.
    </Notice>
  );
}

/** A form that was saved before and has been changed since. */
export function SavedBeforeNotice() {
  return (
    <Notice kind="warning" title="This form was saved before">
      You have changed it since. Saving it now adds a second contact; to change the first one, open it in{' '}
      <a href="/contacts">your contacts</a>.
    </Notice>
  );
}

/** An edit that somebody else's was faster than. */
export function ConflictNotice() {
  return (
    <Notice kind="warning" title="Somebody changed this contact while you were editing it">
      Nothing is lost: below is your text, and under it the contact as it is now. Saving your text replaces that.
    </Notice>
  );
}

/** An edit of a contact that is gone. */
export function DeletedNotice() {
  return (
    <Notice kind="warning" title="This contact was deleted while you were editing it">
      Your text is still here. Saving it adds it as a new contact.
    </Notice>
  );
}
