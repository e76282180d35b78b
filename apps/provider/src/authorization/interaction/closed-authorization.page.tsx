import { ErrorPage } from '@trefoil/ui';
import type { ClosedAuthorization } from './pending-authorizations.js';
import type { Client } from '../../clients/client.entity.js';
import { BRAND } from '../../http/provider-page.js';

export interface ClosedAuthorizationPageProps {
  state: ClosedAuthorization['state'];
  /** The requesting client, as far as it is known. */
  client: Pick<Client, 'clientName' | 'clientUri'> | null;
  requestId: string;
}

/** Tells the user that a sign-in cannot continue, and where to start again. */
export function ClosedAuthorizationPage({ state, client, requestId }: ClosedAuthorizationPageProps) {
  const name = client?.clientName ?? 'the application you came from';
  const { title, message } = {
    answered: { title: 'This sign-in is finished', message: `It was already used. You can continue at ${name}.` },
    expired: { title: 'This sign-in took too long', message: `Nothing was lost. Go back to ${name} and start again.` },
    unknown: {
      title: 'This sign-in cannot go on',
      message:
        'It has expired, or it was started in another browser, or your browser blocks cookies. ' +
        'Go back to the application you came from and sign in from there.',
    },
  }[state];
  const next = client?.clientUri
    ? { href: client.clientUri, label: `Go to ${client.clientName}` }
    : { href: '/', label: 'Go to the start page' };
  const id = state === 'answered' ? undefined : requestId;
  return <ErrorPage brand={BRAND} title={title} message={message} next={[next]} id={id} />;
}
