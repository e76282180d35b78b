import { SECURITY_PROFILES } from '@trefoil/oauth-protocol';
import { Timestamp } from '../../account/timestamp.js';
import type { InitialAccessToken } from '../../clients/registration/initial-access-token.entity.js';
import type { NewRegistrationToken } from '../../clients/registration/registration-token-json.js';
import { AdminLayout } from '../admin-layout.js';
import { type PageContext, pathOf } from '../forms/admin-visit.js';
import { choicesOf, type FormField, type FormText, membersOf } from '../forms/form-fields.js';
import { AdminForm, ErrorSummary, FormFields } from '../forms/form-parts.js';
import { ListPage, type ListedPage } from '../forms/list.page.js';
import type { RefusedForm } from '../forms/refused-form.js';

const SECTION = '/admin/registration-tokens';
const PROFILES = choicesOf(Object.keys(SECURITY_PROFILES));

/** The fields of a new registration token. */
export const NEW_TOKEN: readonly FormField[] = [
  { name: 'description', label: 'Description', kind: 'line', maxLength: 200, hint: 'What it is for, or who has it.' },
  {
    ...{ name: 'default_profile', label: 'Security profile of clients that request none', kind: 'choice' },
    choices: PROFILES,
  },
  {
    ...{ name: 'allowed_profiles', label: 'Security profiles that clients may request', kind: 'choices' },
    hint: 'None checked: only the one above.',
    choices: PROFILES,
  },
  { name: 'expires_at', label: 'Expires', kind: 'line', hint: 'In UTC, such as 2027-01-31T12:00:00Z. Empty: never.' },
];

/** Returns the registration token that a form describes. The service checks it. */
export const newTokenOf = (text: FormText): NewRegistrationToken => membersOf(text, NEW_TOKEN);

/** Lists the registration tokens, also those that are no longer valid. */
export function RegistrationTokenListPage({ page, list }: { page: PageContext; list: ListedPage<InitialAccessToken> }) {
  return (
    <ListPage
      page={page}
      section={SECTION}
      title="Registration tokens"
      lead="Applications register themselves with these tokens."
      list={list}
      columns={[
        { header: 'Description', cell: ({ id, description }) => description || id },
        { header: 'Profiles', cell: ({ allowedProfiles }) => allowedProfiles.join(', ') },
        { header: 'Created', cell: ({ createdAt }) => <Timestamp at={createdAt} /> },
        { header: 'Expires', cell: ({ expiresAt }) => (expiresAt ? <Timestamp at={expiresAt} /> : 'never') },
        { header: 'State', cell: (token) => <TokenState token={token} /> },
      ]}
      create="Add a registration token"
      confirmations={{ revoked: 'The registration token was revoked. Clients that used it stay registered.' }}
    />
  );
}

function TokenState({ token: { id, description, revokedAt } }: { token: InitialAccessToken }) {
  if (revokedAt) return <>revoked</>;
  return (
    <a href={pathOf(`${SECTION}/revoke`, id)} aria-label={`Revoke ${description || id}`}>
      Revoke
    </a>
  );
}

export interface NewRegistrationTokenPageProps {
  page: PageContext;
  text: FormText;
  refused?: RefusedForm | undefined;
}

/** Renders the form of a new registration token. */
export function NewRegistrationTokenPage({ page, text, refused }: NewRegistrationTokenPageProps) {
  return (
    <AdminLayout {...page.frame} section={SECTION} title="Add a registration token">
      <ErrorSummary refused={refused} />
      <AdminForm form={page.form} action={`${SECTION}/new`} submit="Add" cancelHref={SECTION}>
        <FormFields fields={NEW_TOKEN} text={text} errors={refused?.errors} />
      </AdminForm>
    </AdminLayout>
  );
}
