import { Actions, Button, ButtonLink, Card, DescriptionList, EmptyState, Form, Notice } from '@trefoil/ui';
import { EventTable } from '../account/event-table.js';
import type { UsageBucket } from '../security-events/usage/usage.js';
import { type AdminFrame, AdminLayout } from './admin-layout.js';
import type { EventList } from './admin-overviews.js';
import { pathOf } from './forms/admin-visit.js';
import { USAGE_MEASURES, USAGE_LABELS } from './usage-table.js';

export interface UserOrClientPageProps {
  frame: AdminFrame;
  subject: { kind: 'user' | 'client'; id: string; name: string; note?: string | undefined };
  list: EventList;
  counts: UsageBucket['counts'];
  formToken: string;
  isDone: boolean;
}

const TEXT = {
  user: {
    ends: 'Every session of this user ends, and every access they gave. They have to sign in again everywhere.',
    done: 'Every session of this user has ended, and every access they gave.',
  },
  client: {
    ends: 'Every token of this application ends, and everybody’s access through it. It may get new ones at once.',
    done: 'Every token of this application has ended.',
  },
};

/** Renders the page of one user or application: its usage, its events, and a form that revokes everything. */
export function UserOrClientPage({ frame, subject, list, counts, formToken, isDone }: UserOrClientPageProps) {
  const { kind, id, name, note } = subject;
  const used = USAGE_MEASURES.filter((measure) => counts[measure]);
  return (
    <AdminLayout
      {...frame}
      section={kind === 'user' ? '/admin/users' : '/admin/clients'}
      title={name}
      actions={
        <ButtonLink href={pathOf(`/admin/${kind}s/edit`, id)} variant="secondary">
          Edit
        </ButtonLink>
      }
      lead={`${kind === 'user' ? 'User' : 'Application'} ${id}${note ? ` (${note})` : ''}`}
    >
      {isDone && (
        <Notice kind="success" id="done">
          {TEXT[kind].done}
        </Notice>
      )}
      <Card title="End everything" id="end">
        <p>{TEXT[kind].ends}</p>
        <Form action="/admin/revoke" formToken={formToken} hidden={{ [kind]: id }}>
          <Actions>
            <Button id="revoke" variant="danger">
              Revoke everything
            </Button>
          </Actions>
        </Form>
      </Card>
      <Card title="Usage in the last 24 hours" id="usage">
        {used.length > 0 ? (
          <DescriptionList
            items={used.map((measure) => ({ term: USAGE_LABELS[measure], description: `${counts[measure]}` }))}
          />
        ) : (
          <EmptyState title="Nothing yet">Nothing was done in the last 24 hours.</EmptyState>
        )}
      </Card>
      <Card title="Events" id="events">
        {list.rows.length > 0 ? (
          <EventTable caption={`Events of ${name}`} rows={list.rows} />
        ) : (
          <EmptyState title="No events">No event of them was recorded.</EmptyState>
        )}
        {list.nextCursor && (
          <ButtonLink href={`/admin/events?${new URLSearchParams({ [kind]: id }).toString()}`} variant="secondary">
            All events
          </ButtonLink>
        )}
      </Card>
    </AdminLayout>
  );
}
