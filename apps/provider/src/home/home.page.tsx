import { ButtonLink, Card, DescriptionList, type SignedInUser } from '@trefoil/ui';
import { ProviderPage } from '../http/provider-page.js';

export interface HomePageProps {
  issuer: string;
  user?: SignedInUser | undefined;
}

const DISCOVERY = '/.well-known/openid-configuration';

/** Renders the home page. */
export function HomePage({ issuer, user }: HomePageProps) {
  return (
    <ProviderPage
      title="This is where you sign in"
      lead="You have one account for all applications. They ask here who you are and what you allow, and never see your password."
      width="regular"
      user={user}
    >
      <Card title="You came to sign in?">
        <p>
          Start at the application you want to use: it sends you here and takes you back. Your account lists where you
          are signed in, and which applications have access.
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
