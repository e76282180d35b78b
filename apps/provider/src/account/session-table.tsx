import { Button, Form, Table } from '@trefoil/ui';
import type { OwnSession } from './account-overview.js';
import { Timestamp } from './timestamp.js';

/** Shows the sessions of a user, each with a button that ends it. */
export function SessionTable({ sessions, formToken }: { sessions: readonly OwnSession[]; formToken: string }) {
  return (
    <Table
      caption="Where you are signed in"
      columns={[
        { header: 'With', cell: nameOf },
        { header: 'Signed in', cell: ({ authenticatedAt }) => <Timestamp at={authenticatedAt} /> },
        {
          header: 'End',
          headerHidden: true,
          cell: (session) => <EndSession session={session} formToken={formToken} />,
        },
      ]}
      rows={sessions}
    />
  );
}

const nameOf = ({ origin, isCurrent }: OwnSession): string =>
  `${origin || 'An unknown browser'}${isCurrent ? ' (this one)' : ''}`;

function EndSession({ session, formToken }: { session: OwnSession; formToken: string }) {
  return (
    <Form action="/account/sessions" formToken={formToken} hidden={{ session: session.id }}>
      <Button variant="secondary" label={`End this session: ${nameOf(session)}`}>
        End this session
      </Button>
    </Form>
  );
}
