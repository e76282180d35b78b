import { Actions, Button, ButtonLink, Card, EmptyState, Form, Pagination, TextField } from '@trefoil/ui';
import { EventTable } from '../account/event-table.js';
import { type AdminFrame, AdminLayout } from './admin-layout.js';
import type { EventList } from './admin-overviews.js';
import type { ReadEventFilter } from './read-event-filter.js';

export interface EventsPageProps extends Pick<ReadEventFilter, 'values' | 'errors'> {
  frame: AdminFrame;
  list: EventList;
  isFirst: boolean;
}

const FIELDS: readonly (readonly [name: string, label: string])[] = [
  ['type', 'Kind, such as sign-in'],
  ['outcome', 'Outcome: success or failure'],
  ['user', 'User id'],
  ['client', 'Client id'],
  ['session', 'Session id'],
  ['grant', 'Grant id'],
  ['from', 'From (UTC)'],
  ['to', 'Before (UTC)'],
];

/** Renders the list of events and its filter. */
export function EventsPage({ frame, list, values, errors, isFirst }: EventsPageProps) {
  return (
    <AdminLayout
      {...frame}
      section="/admin/events"
      title="Security events"
      lead="Every recorded event, the newest first."
    >
      <Card title="Show only">
        <Form action="/admin/events" method="get" role="search">
          {FIELDS.map(([name, label]) => (
            <TextField
              key={name}
              label={label}
              name={name}
              value={values[name]}
              error={errors[name]}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
              maxLength={600}
            />
          ))}
          <Actions>
            <Button id="filter">Show</Button>
            <ButtonLink href="/admin/events" variant="secondary">
              Show all
            </ButtonLink>
          </Actions>
        </Form>
      </Card>
      <Card>
        {list.rows.length > 0 ? (
          <EventTable caption="Security events" rows={list.rows} />
        ) : (
          <EmptyState title="No events">No recorded event matches the filter.</EmptyState>
        )}
        <Pagination
          label="Security events"
          firstHref={isFirst ? undefined : addressOf(values)}
          nextHref={list.nextCursor && addressOf({ ...values, before: list.nextCursor })}
        />
      </Card>
    </AdminLayout>
  );
}

function addressOf(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).filter((each): each is [string, string] => each[1] !== undefined);
  return `/admin/events?${new URLSearchParams(given).toString()}`;
}
