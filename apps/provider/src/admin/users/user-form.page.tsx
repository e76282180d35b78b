import { ButtonLink, Actions, Card, DescriptionList, Notice } from '@trefoil/ui';
import { Timestamp } from '../../account/timestamp.js';
import type { User } from '../../users/user.entity.js';
import { AdminLayout } from '../admin-layout.js';
import { type PageContext, pathOf } from '../forms/admin-visit.js';
import type { FormText } from '../forms/form-fields.js';
import { AdminForm, ErrorSummary, FormFields } from '../forms/form-parts.js';
import type { RefusedForm } from '../forms/refused-form.js';
import { EDITED_USER, NEW_USER, PASSWORD } from './user-form.js';
import { stateOf } from './user-list.page.js';

interface EnteredForm {
  page: PageContext;
  text: FormText;
  refused?: RefusedForm | undefined;
}

/** Renders the form of a new user. */
export function NewUserPage({ page, text, refused }: EnteredForm) {
  return (
    <AdminLayout {...page.frame} section="/admin/users" title="Add a user">
      <ErrorSummary refused={refused} />
      <AdminForm form={page.form} action="/admin/users/new" submit="Add" cancelHref="/admin/users">
        <FormFields fields={NEW_USER} text={text} errors={refused?.errors} />
      </AdminForm>
    </AdminLayout>
  );
}

const CONFIRMATIONS: Readonly<Record<string, string>> = {
  created: 'The user was added.',
  saved: 'The changes were saved.',
  password: 'The password was set. The user has to sign in again everywhere.',
  disable: 'The user is disabled. Every session and all access they gave has ended.',
  enable: 'The user is enabled, and has to sign in again.',
  'make-administrator': 'The user is an administrator now.',
  'unmake-administrator': 'The user is no longer an administrator.',
};

export interface EditUserPageProps extends EnteredForm {
  user: User;
  /** The state that the entered text is based on. */
  version: string;
  done?: string | undefined;
}

/** Renders a user: a form to edit them, and links to everything else that can be done. */
export function EditUserPage({ page, text, refused, user, version, done = '' }: EditUserPageProps) {
  const { id, email, administrator, disabledAt, createdAt } = user;
  return (
    <AdminLayout {...page.frame} section="/admin/users" title={email} lead={`User ${id}`}>
      {Object.hasOwn(CONFIRMATIONS, done) && (
        <Notice kind="success" id="done">
          {CONFIRMATIONS[done]}
        </Notice>
      )}
      <ErrorSummary refused={refused} />
      <Card title="Account">
        <DescriptionList
          items={[
            { term: 'State', description: stateOf(user) },
            { term: 'Here since', description: <Timestamp at={createdAt} /> },
          ]}
        />
        <Actions>
          <ButtonLink href={`/admin/user?id=${id}`} variant="secondary">
            Events and usage
          </ButtonLink>
        </Actions>
      </Card>
      <Card title="Edit">
        <AdminForm form={page.form} action={pathOf('/admin/users/edit', id)} hidden={{ version }} submit="Save">
          <FormFields fields={EDITED_USER} text={text} errors={refused?.errors} />
        </AdminForm>
      </Card>
      <Card title="More">
        <Actions>
          <UserLink id={id} action="password">
            Set the password
          </UserLink>
          <UserLink id={id} action={administrator ? 'unmake-administrator' : 'make-administrator'}>
            {administrator ? 'Remove as administrator' : 'Make an administrator'}
          </UserLink>
          <UserLink id={id} action={disabledAt ? 'enable' : 'disable'}>
            {disabledAt ? 'Enable' : 'Disable'}
          </UserLink>
          <UserLink id={id} action="delete">
            Delete
          </UserLink>
        </Actions>
      </Card>
    </AdminLayout>
  );
}

function UserLink({ id, action, children }: { id: string; action: string; children: string }) {
  return (
    <ButtonLink href={pathOf(`/admin/users/${action}`, id)} variant="secondary">
      {children}
    </ButtonLink>
  );
}

/** Renders the form that sets the password of a user. */
export function UserPasswordPage({ page, user, refused }: Pick<EditUserPageProps, 'page' | 'user' | 'refused'>) {
  const { id, email } = user;
  return (
    <AdminLayout {...page.frame} section="/admin/users" title={`Set the password of ${email}`}>
      <ErrorSummary refused={refused} />
      <Card>
        <p>Every session of the user ends, and all access they gave. They have to sign in again everywhere.</p>
        <AdminForm
          form={page.form}
          action={pathOf('/admin/users/password', id)}
          submit="Set the password"
          isDangerous
          cancelHref={pathOf('/admin/users/edit', id)}
          cancel="Change nothing"
          id="confirm"
        >
          <FormFields fields={PASSWORD} text={{}} errors={refused?.errors} />
        </AdminForm>
      </Card>
    </AdminLayout>
  );
}
