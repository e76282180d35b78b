import { Notice } from '@trefoil/ui';

/** For a kept form that is shown again after the sign-in. */
export function KeptNotice() {
  return (
    <Notice kind="warning" title="Not saved yet">
      You had been signed out, so your text was kept. Look it over, then save it.
    </Notice>
  );
}

/** For a form that could not be saved for a reason that passes. */
export function TryAgainNotice({ reason }: { reason: string }) {
  return (
    <Notice kind="warning" title="Not saved yet">
      {reason} Your text is still here. You can save it again: it is never saved twice.
    </Notice>
  );
}

/** For a form that was saved before and was changed since. */
export function SavedBeforeNotice() {
  return (
    <Notice kind="warning" title="This form was saved before">
      You have changed it since. Saving it now adds a second contact; to change the first one, open it in{' '}
      <a href="/contacts">your contacts</a>.
    </Notice>
  );
}

/** For an edit of a contact that was changed in the meantime. */
export function ConflictNotice() {
  return (
    <Notice kind="warning" title="Somebody changed this contact while you were editing it">
      Nothing is lost. Your text is below, followed by the contact as it is now. Saving your text replaces that version.
    </Notice>
  );
}

/** For an edit of a contact that was deleted in the meantime. */
export function DeletedNotice() {
  return (
    <Notice kind="warning" title="This contact was deleted while you were editing it">
      Your text is still here. Saving it adds it as a new contact.
    </Notice>
  );
}
