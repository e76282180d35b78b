import { Actions, ButtonLink, Card, EmptyState, Notice, Table } from '@trefoil/ui';
import { Timestamp } from '../../account/timestamp.js';
import type { Client } from '../../clients/client.entity.js';
import type { ClientSecretSummary } from '../../clients/secrets/client-secrets.js';
import { AdminLayout } from '../admin-layout.js';
import { type PageContext, pathOf } from '../forms/admin-visit.js';
import type { FormText } from '../forms/form-fields.js';
import { AdminForm, ErrorSummary, FormFields } from '../forms/form-parts.js';
import type { RefusedForm } from '../forms/refused-form.js';
import { CLIENT_GROUPS, type FieldGroup, NEW_CLIENT_GROUP } from './client-fields.js';

interface EnteredForm {
  page: PageContext;
  text: FormText;
  refused?: RefusedForm | undefined;
}

/** Renders the form of a new client. */
export function NewClientPage({ page, text, refused }: EnteredForm) {
  return (
    <AdminLayout {...page.frame} section="/admin/clients" title="Add a client">
      <ErrorSummary refused={refused} />
      <AdminForm form={page.form} action="/admin/clients/new" submit="Add" cancelHref="/admin/clients">
        <Groups groups={[NEW_CLIENT_GROUP, ...CLIENT_GROUPS]} text={text} refused={refused} />
      </AdminForm>
    </AdminLayout>
  );
}

const CONFIRMATIONS: Readonly<Record<string, string>> = {
  created: 'The client was added.',
  saved: 'The changes were saved.',
  disable: 'The client is disabled. All its grants and tokens have ended.',
  enable: 'The client is enabled, and has to get new tokens.',
};

export interface EditClientPageProps extends EnteredForm {
  client: Client;
  secrets: readonly ClientSecretSummary[];
  /** The state that the entered text is based on. */
  version: string;
  done?: string | undefined;
}

/** Renders a client: its secrets, a form to edit it, and links to everything else that can be done. */
export function EditClientPage({ page, text, refused, client, secrets, version, done = '' }: EditClientPageProps) {
  const { clientId, clientName, disabledAt } = client;
  const link = (action: string): string => pathOf(`/admin/clients/${action}`, clientId);
  return (
    <AdminLayout
      {...page.frame}
      section="/admin/clients"
      title={clientName}
      lead={`Client ${clientId}${disabledAt ? ' (disabled)' : ''}`}
    >
      {Object.hasOwn(CONFIRMATIONS, done) && (
        <Notice kind="success" id="done">
          {CONFIRMATIONS[done]}
        </Notice>
      )}
      <ErrorSummary refused={refused} />
      <Card title="Secrets" id="secrets">
        <SecretTable secrets={secrets} />
        <Actions>
          <ButtonLink href={link('rotate-secret')} variant="secondary">
            Replace the secret
          </ButtonLink>
        </Actions>
      </Card>
      <Card title="More">
        <Actions>
          <ButtonLink href={pathOf('/admin/client', clientId)} variant="secondary">
            Events and usage
          </ButtonLink>
          <ButtonLink href={link(disabledAt ? 'enable' : 'disable')} variant="secondary">
            {disabledAt ? 'Enable' : 'Disable'}
          </ButtonLink>
          <ButtonLink href={link('delete')} variant="secondary">
            Delete
          </ButtonLink>
        </Actions>
      </Card>
      <AdminForm form={page.form} action={link('edit')} hidden={{ version }} submit="Save">
        <Groups groups={CLIENT_GROUPS} text={text} refused={refused} />
      </AdminForm>
    </AdminLayout>
  );
}

function Groups({ groups, text, refused }: Pick<EnteredForm, 'text' | 'refused'> & { groups: readonly FieldGroup[] }) {
  return (
    <>
      {groups.map(({ title, fields }) => (
        <Card key={title} title={title}>
          <FormFields fields={fields} text={text} errors={refused?.errors} />
        </Card>
      ))}
    </>
  );
}

function SecretTable({ secrets }: { secrets: readonly ClientSecretSummary[] }) {
  if (secrets.length === 0)
    return <EmptyState title="No secret">The client does not authenticate with one.</EmptyState>;
  return (
    <Table
      caption="Secrets"
      columns={[
        { header: 'Created', cell: ({ createdAt }) => <Timestamp at={createdAt} /> },
        { header: 'Last used', cell: ({ lastUsedAt }) => (lastUsedAt ? <Timestamp at={lastUsedAt} /> : 'never') },
        { header: 'Expires', cell: ({ expiresAt }) => (expiresAt ? <Timestamp at={expiresAt} /> : 'never') },
      ]}
      rows={secrets}
    />
  );
}
