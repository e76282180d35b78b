import type { Client } from '../../clients/client.entity.js';
import { Card } from '@trefoil/ui';
import { AdminLayout } from '../admin-layout.js';
import { type AdminVisit, type PageContext, pathOf } from '../forms/admin-visit.js';
import type { FormField } from '../forms/form-fields.js';
import { AdminForm, ErrorSummary, FormFields } from '../forms/form-parts.js';
import type { RefusedForm } from '../forms/refused-form.js';
import { ShownOncePage } from '../forms/shown-once.page.js';

const HOUR = 3600;
const DAY = 24 * HOUR;

/** The fields of the form that replaces a secret. */
export const ROTATION: readonly FormField[] = [
  {
    ...{ name: 'overlap', label: 'Old secrets stay valid', kind: 'choice' },
    choices: [
      { value: `${DAY}`, label: 'for a day' },
      { value: `${7 * DAY}`, label: 'for a week' },
      { value: `${HOUR}`, label: 'for an hour' },
      { value: '0', label: 'not at all' },
    ],
  },
];

/** Returns the overlap that was chosen, in seconds; a day for anything that the form does not offer. */
export const overlapOf = (chosen: string | undefined): number => {
  const isOffered = ROTATION.some(({ choices = [] }) => choices.some(({ value }) => value === chosen));
  return isOffered ? Number(chosen) : DAY;
};

export interface RotateSecretPageProps {
  page: PageContext;
  client: Client;
  refused?: RefusedForm | undefined;
}

/** Renders the form that replaces the secret of a client. */
export function RotateSecretPage({ page, client: { clientId, clientName }, refused }: RotateSecretPageProps) {
  return (
    <AdminLayout {...page.frame} section="/admin/clients" title={`Replace the secret of ${clientName}?`}>
      <ErrorSummary refused={refused} />
      <Card>
        <p>The client gets a new secret. All others expire after the chosen time; its tokens stay valid.</p>
        <AdminForm
          form={page.form}
          action={pathOf('/admin/clients/rotate-secret', clientId)}
          submit="Replace the secret"
          isDangerous
          cancelHref={pathOf('/admin/clients/edit', clientId)}
          cancel="Change nothing"
          id="confirm"
        >
          <FormFields fields={ROTATION} text={{}} errors={refused?.errors} />
        </AdminForm>
      </Card>
    </AdminLayout>
  );
}

/** Answers with the page that shows a new secret of a client once. */
export const sendClientSecret = (visit: AdminVisit, clientId: string, secret: string, title: string): void =>
  visit.send(
    <ShownOncePage
      page={visit.page}
      section="/admin/clients"
      title={title}
      facts={[{ term: 'Client id', description: clientId }]}
      label="Client secret"
      secret={secret}
      next={{ href: pathOf('/admin/clients/edit', clientId), label: 'To the client' }}
    />,
  );
