import { ButtonLink, Card, DescriptionList, type SignedInUser } from '@trefoil/ui';
import { ProviderPage } from '../http/provider-page.js';

export interface HomePageProps {
  issuer: string;
  user?: SignedInUser | undefined;
}

const DISCOVERY = '/.well-known/openid-configuration';

/** What the provider says of itself. */
export function HomePage({ issuer, user }: HomePageProps) {
  return (
    <ProviderPage
      title="This is where you sign in"
      lead="One account, and every application asks here who you are and what you allow. None of them ever sees your password."
      width="regular"
      user={user}
    >
      <Card title="You came to sign in?">
        <p>
          Start at the application you want to use: it sends you here and takes you back. Where you are signed in, and
          whom you gave access, your account tells.
        </p>
        <div class="actions">
          <ButtonLink href="/account" variant="secondary">
            Your account
          </ButtonLink>
        </div>
      </Card>
      <Card title="You are building an application?">
        <p>This server speaks OAuth 2.1 and OpenID Connect. Libraries find everything by the issuer’s address.</p>
        <DescriptionList
          items={[
            { term: 'Issuer', description: <code>{issuer}</code> },
            { term: 'Discovery', description: <a href={DISCOVERY}>{DISCOVERY}</a> },
          ]}
        />
        <div class="actions">
          <ButtonLink href="/docs" variant="secondary">
            API documentation
          </ButtonLink>
        </div>
      </Card>
    </ProviderPage>
  );
}
