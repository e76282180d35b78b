import { Actions, Button, Form, ScopeList } from '@trefoil/ui';
import type { OwnApplication } from './account-overview.js';
import { Moment } from './moment.js';

/** The applications that a person gave access, each with what it may do and a button that takes it back. */
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
            {hasAccess ? 'Has access now' : 'Has no access now, and need not ask again'}
            {allowedAt && (
              <>
                {' · allowed '}
                <Moment at={allowedAt} />
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
