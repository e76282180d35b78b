import { Actions, Button, ButtonLink, Form, Notice, TextArea, TextField } from '@trefoil/ui';
import type { ComponentChildren } from 'preact';
import { SiteLayout } from '../http/site-layout.js';
import type { Viewer } from '../page-access/current-user.pipe.js';
import type { ContactErrors, ContactText } from './contact-form.js';

export interface ContactFormPageProps {
  viewer: Viewer;
  title: string;
  /** Where the form is sent. */
  action: string;
  text: ContactText;
  /** What goes along unseen: the key of a new contact or the ETag of an old one. */
  hidden: Readonly<Record<string, string>>;
  cancelHref: string;
  errors?: ContactErrors;
  /** What to know about an input, by its name. */
  hints?: Partial<ContactText>;
  notice?: ComponentChildren;
  saveLabel?: string;
  cancelLabel?: string;
  /** Stands under the form. */
  children?: ComponentChildren;
}

/** The form of a contact, new or old, with what was typed and what to correct. */
export function ContactFormPage(props: ContactFormPageProps) {
  const { viewer, title, action, text, hidden, errors = {}, hints = {}, notice } = props;
  const input = (name: keyof ContactText) => ({ name, value: text[name], hint: hints[name], error: errors[name] });
  return (
    <SiteLayout title={title} viewer={viewer} current="/contacts">
      {notice}
      <ErrorSummary errors={errors} />
      <Form action={action} formToken={viewer.formToken} hidden={hidden}>
        <TextField label="Name" {...input('name')} maxLength={200} required />
        <TextField label="E-mail" {...input('email')} inputMode="email" autocapitalize="none" maxLength={320} />
        <TextField label="Phone" {...input('phone')} type="tel" maxLength={50} />
        <TextField label="Company" {...input('company')} maxLength={200} />
        <TextArea label="Notes" {...input('notes')} maxLength={10_000} />
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

/** Says first that something is wrong: the inputs that say what may be out of sight. */
function ErrorSummary({ errors: { form, ...fields } }: { errors: ContactErrors }) {
  const count = Object.keys(fields).length;
  if (count === 0 && form === undefined) return null;
  return (
    <Notice kind="error" title="Nothing was saved yet">
      {form ?? 'Correct what is marked below, then save again.'}
    </Notice>
  );
}
