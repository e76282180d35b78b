import { Actions, Button, ButtonLink, Form, Notice, TextArea, TextField } from '@trefoil/ui';
import { type CurrentUser, SiteLayout } from '@trefoil/web-server';
import type { ComponentChildren } from 'preact';
import { CONTACT_LABELS, type ContactErrors, type ContactText } from './contact-form.js';

export interface ContactFormPageProps {
  user: CurrentUser;
  title: string;
  /** The path that the form is submitted to. */
  action: string;
  text: ContactText;
  /** Hidden fields: the idempotency key of a new contact, or the ETag of an existing one. */
  hidden: Readonly<Record<string, string>>;
  cancelHref: string;
  errors?: ContactErrors;
  /** Hints by the name of the input. */
  hints?: Partial<ContactText>;
  notice?: ComponentChildren;
  saveLabel?: string;
  cancelLabel?: string;
  /** Content below the form. */
  children?: ComponentChildren;
}

/** Shows the form of a new or an existing contact, with the text that was entered and the errors to correct. */
export function ContactFormPage(props: ContactFormPageProps) {
  const { user, title, action, text, hidden, errors = {}, hints = {}, notice } = props;
  const input = (name: keyof ContactText) => ({
    name,
    label: CONTACT_LABELS[name],
    value: text[name],
    hint: hints[name],
    error: errors[name],
  });
  return (
    <SiteLayout title={title} user={user} current="/contacts">
      {notice}
      <ErrorSummary errors={errors} />
      <Form action={action} formToken={user.formToken} hidden={hidden}>
        <TextField {...input('name')} maxLength={200} required />
        <TextField {...input('email')} inputMode="email" autocapitalize="none" maxLength={320} />
        <TextField {...input('phone')} type="tel" maxLength={50} />
        <TextField {...input('company')} maxLength={200} />
        <TextArea {...input('notes')} maxLength={10_000} />
        <Actions>
          <Button id="save">{props.saveLabel ?? 'Save'}</Button>
          <ButtonLink href={props.cancelHref} variant="secondary">
            {props.cancelLabel ?? 'Cancel'}
          </ButtonLink>
        </Actions>
      </Form>
      {props.children}
    </SiteLayout>
  );
}

/** Says above the form that nothing was saved, because the errors beside the inputs may be out of view. */
function ErrorSummary({ errors: { form, ...fields } }: { errors: ContactErrors }) {
  const count = Object.keys(fields).length;
  if (count === 0 && form === undefined) return null;
  return (
    <Notice kind="error" title="Nothing was saved yet">
      {form ?? 'Correct the marked fields below, then save again.'}
    </Notice>
  );
}
