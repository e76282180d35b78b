import { Card, DescriptionList, EmptyState, type LayoutProps, Notice, Pagination } from '@trefoil/ui';
import { ProviderPage } from '../http/provider-page.js';
import type { User } from '../users/user.entity.js';
import type { AccountOverview } from './account-overview.js';
import { ApplicationList } from './application-list.js';
import { EventTable } from './event-table.js';
import { SessionTable } from './session-table.js';
import { Timestamp } from './timestamp.js';

export interface AccountPageProps {
  frame: Pick<LayoutProps, 'nav' | 'user' | 'width'>;
  user: Pick<User, 'email' | 'emailVerified' | 'claims' | 'createdAt'>;
  overview: AccountOverview;
  /** Whether this is the first page of the activity. */
  isFirst: boolean;
  /** The action that the person has just completed: a key of {@link DONE}. */
  done: string | undefined;
  formToken: string;
}

const DONE: Record<string, string> = {
  session:
    'The session has ended. Its browser has to sign in again, and the access that applications were given in it has ended too.',
  application: 'The application has no access any more. It has to ask you before it gets access again.',
};

/** Renders the account page. */
export function AccountPage({ frame, user, overview, isFirst, done = '', formToken }: AccountPageProps) {
  const { sessions, applications, events, nextCursor } = overview;
  return (
    <ProviderPage
      {...frame}
      title="Your account"
      lead="Who you are here, where you are signed in, and which applications you gave access."
    >
      {Object.hasOwn(DONE, done) && (
        <Notice kind="success" id="done">
          {DONE[done]}
        </Notice>
      )}
      <Card title="You" id="you">
        <DescriptionList
          items={[
            { term: 'Name', description: user.claims.name },
            { term: 'E-mail address', description: `${user.email}${user.emailVerified ? '' : ' (not confirmed)'}` },
            { term: 'Here since', description: <Timestamp at={user.createdAt} /> },
          ]}
        />
      </Card>
      <Card title="Where you are signed in" id="sessions">
        <SessionTable sessions={sessions} formToken={formToken} />
      </Card>
      <Card title="Applications with access" id="applications">
        {applications.length > 0 ? (
          <ApplicationList applications={applications} formToken={formToken} />
        ) : (
          <EmptyState title="No application yet">When you sign in to one, it is listed here.</EmptyState>
        )}
      </Card>
      <Card
        title="Recent activity"
        id="activity"
        footer={<p>Do you see something that was not you? End that session, and tell the operator of this service.</p>}
      >
        {events.length > 0 ? (
          <EventTable caption="What happened with your account" rows={events} />
        ) : (
          <EmptyState title="Nothing more">What happens with your account is listed here.</EmptyState>
        )}
        <Pagination
          label="Recent activity"
          firstHref={isFirst ? undefined : '/account#activity'}
          nextHref={nextCursor && `/account?before=${nextCursor}#activity`}
        />
      </Card>
    </ProviderPage>
  );
}
