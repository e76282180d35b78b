import { Actions, Button, ButtonLink, Card, EmptyState, Form, TextField } from '@trefoil/ui';
import { type EventRow, EventTable } from '../account/event-table.js';
import { type AdminFrame, AdminLayout } from './admin-layout.js';
import type { DeliveryRow } from './admin-deliveries.js';
import type { UsageRow } from './admin-overviews.js';
import { DeliveryTable } from './delivery-table.js';
import { UsageTable } from './usage-table.js';

export interface AdminPageProps {
  frame: AdminFrame;
  anomalies: readonly EventRow[];
  clients: readonly UsageRow[];
  users: readonly UsageRow[];
  deliveries: readonly DeliveryRow[];
}

/** Renders the start page of the administration. */
export function AdminPage({ frame, anomalies, clients, users, deliveries }: AdminPageProps) {
  return (
    <AdminLayout
      {...frame}
      section="/admin"
      title="Administration"
      lead="Unusual activity, the usage of the last 24 hours, and where to revoke access."
      actions={
        <ButtonLink href="/admin/events" variant="secondary">
          All events
        </ButtonLink>
      }
    >
      <Card title="Find a user or an application">
        <Form action="/admin/find" method="get" role="search">
          <TextField
            label="E-mail address, user id or client id"
            name="name"
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            required
            maxLength={600}
          />
          <Actions>
            <Button id="find">Find</Button>
          </Actions>
        </Form>
      </Card>
      <Card title="Unusual activity" id="anomalies">
        {anomalies.length > 0 ? (
          <>
            <EventTable caption="Unusual activity" rows={anomalies} />
            <Actions>
              <ButtonLink href="/admin/events?type=anomaly" variant="secondary">
                All unusual activity
              </ButtonLink>
            </Actions>
          </>
        ) : (
          <EmptyState title="Nothing unusual">The rules are evaluated every ten seconds.</EmptyState>
        )}
      </Card>
      <Card title="Applications in the last 24 hours" id="clients">
        <UsageTable caption="Usage of applications" rows={clients} />
      </Card>
      <Card title="People in the last 24 hours" id="users">
        <UsageTable caption="Usage of people" rows={users} />
      </Card>
      <Card title="Deliveries to clients" id="deliveries">
        <DeliveryTable rows={deliveries} />
      </Card>
    </AdminLayout>
  );
}
