import { ButtonLink, Actions, Card, Notice } from '@trefoil/ui';
import type { ResourceServerJson } from '../../resource-servers/resource-server-json.js';
import type { ResourceServer } from '../../resource-servers/resource-server.entity.js';
import { AdminLayout } from '../admin-layout.js';
import { type PageContext, pathOf } from '../forms/admin-visit.js';
import { AdminForm, ErrorSummary, FormFields } from '../forms/form-parts.js';
import { ListPage, type ListedPage } from '../forms/list.page.js';
import type { RefusedForm } from '../forms/refused-form.js';
import type { ResourceServerForm } from './resource-server-form.js';

const SECTION = '/admin/resource-servers';

interface EnteredForm {
  page: PageContext;
  form: ResourceServerForm;
  refused?: RefusedForm | undefined;
}

/** Lists the resource servers by identifier. */
export function ResourceServerListPage({ page, list }: { page: PageContext; list: ListedPage<ResourceServer> }) {
  return (
    <ListPage
      page={page}
      section={SECTION}
      title="Resource servers"
      lead="The servers that accept access tokens of this provider."
      list={list}
      columns={[
        { header: 'Name', cell: ({ identifier, name }) => <a href={pathOf(`${SECTION}/edit`, identifier)}>{name}</a> },
        { header: 'Identifier', cell: ({ identifier }) => identifier },
        { header: 'Scopes', cell: ({ scopes }) => scopes.map(({ name }) => name).join(', ') },
        { header: 'Lifetime', cell: ({ accessTokenLifetime }) => `${accessTokenLifetime} s` },
      ]}
      create="Add a resource server"
      confirmations={{ deleted: 'The resource server was deleted. No more tokens are issued for it.' }}
    />
  );
}

/** Renders the form of a new resource server. */
export function NewResourceServerPage({ page, form, refused }: EnteredForm) {
  return (
    <AdminLayout {...page.frame} section={SECTION} title="Add a resource server">
      <ErrorSummary refused={refused} />
      <AdminForm form={page.form} action={`${SECTION}/new`} submit="Add" cancelHref={SECTION}>
        <ServerFields form={form} refused={refused} />
      </AdminForm>
    </AdminLayout>
  );
}

const CONFIRMATIONS: Readonly<Record<string, string>> = {
  created: 'The resource server was added.',
  saved: 'The changes were saved.',
};

export interface EditResourceServerPageProps extends EnteredForm {
  server: ResourceServerJson;
  /** The state that the entered text is based on. */
  version: string;
  done?: string | undefined;
}

/** Renders a resource server: a form to edit it, and a link to its deletion. */
export function EditResourceServerPage(props: EditResourceServerPageProps) {
  const { page, form, refused, server, version, done = '' } = props;
  const { identifier, name } = server;
  return (
    <AdminLayout {...page.frame} section={SECTION} title={name} lead={identifier}>
      {Object.hasOwn(CONFIRMATIONS, done) && (
        <Notice kind="success" id="done">
          {CONFIRMATIONS[done]}
        </Notice>
      )}
      <ErrorSummary refused={refused} />
      <AdminForm form={page.form} action={pathOf(`${SECTION}/edit`, identifier)} hidden={{ version }} submit="Save">
        <ServerFields form={form} refused={refused} />
      </AdminForm>
      <Card title="More">
        <Actions>
          <ButtonLink href={pathOf(`${SECTION}/delete`, identifier)} variant="secondary">
            Delete
          </ButtonLink>
        </Actions>
      </Card>
    </AdminLayout>
  );
}

function ServerFields({ form: { fields, text }, refused }: Pick<EnteredForm, 'form' | 'refused'>) {
  return (
    <>
      <Card title="Server">
        <FormFields fields={fields.server} text={text} errors={refused?.errors} />
      </Card>
      <Card title="Scopes" footer="Empty a row to remove its scope. Save to get more empty rows.">
        {fields.scopes.map((row, index) => (
          <fieldset key={index} class="form">
            <legend>Scope {index + 1}</legend>
            <FormFields fields={row} text={text} errors={refused?.errors} />
          </fieldset>
        ))}
      </Card>
    </>
  );
}
