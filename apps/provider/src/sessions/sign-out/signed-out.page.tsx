import { Actions, ButtonLink } from '@trefoil/ui';
import type { Client } from '../../clients/client.entity.js';
import { ProviderPage } from '../../http/provider-page.js';

export interface SignedOutPageProps {
  /** The client that the person came from, if it is known. */
  client: Pick<Client, 'clientName' | 'clientUri'> | null;
}

/** Tells a person that they are signed out. */
export function SignedOutPage({ client }: SignedOutPageProps) {
  const next = client?.clientUri
    ? { href: client.clientUri, label: `Back to ${client.clientName}` }
    : { href: '/', label: 'Go to the start page' };
  return (
    <ProviderPage
      title="You are signed out"
      lead="Nobody is signed in with this browser any more. You can close this page."
    >
      <Actions>
        <ButtonLink href={next.href} variant="secondary">
          {next.label}
        </ButtonLink>
      </Actions>
    </ProviderPage>
  );
}
