import { Actions, Button, Form, ScopeList } from '@trefoil/ui';
import type { OwnApplication } from './account-overview.js';
import { Timestamp } from './timestamp.js';

/** Lists the applications with access, each with its permissions and a button to withdraw them. */
export function ApplicationList({
  applications,
  formToken,
}: {
  applications: readonly OwnApplication[];
  formToken: string;
}) {
  return (
    <>
      {applications.map(({ clientId, name, permissions, allowedAt, hasAccess }) => (
        <section key={clientId} data-client={clientId}>
          <h3>{name}</h3>
          <p>
            {hasAccess ? 'Has access now' : 'Has no access now, but gets it again without a question'}
            {allowedAt && (
              <>
                {' · allowed '}
                <Timestamp at={allowedAt} />
              </>
            )}
          </p>
          <ScopeList permissions={permissions} />
          <Form action="/account/applications" formToken={formToken} hidden={{ client_id: clientId }}>
            <Actions>
              <Button variant="danger" label={`Withdraw access: ${name}`}>
                Withdraw access
              </Button>
            </Actions>
          </Form>
        </section>
      ))}
    </>
  );
}
