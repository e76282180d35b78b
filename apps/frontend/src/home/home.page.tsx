import { Actions, ButtonLink, FlowDiagram, type FlowDiagramProps, Notice, Steps } from '@trefoil/ui';
import { type CurrentUser, SiteLayout } from '@trefoil/web-server';

/** The accounts of the demo data. Production refuses to create them. */
const DEMO_ACCOUNTS = [
  { username: 'alice@example.com', password: 'alice-demo-password' },
  { username: 'bob@example.com', password: 'bob-demo-password' },
] as const;

interface HomePageProps {
  hosts: FlowDiagramProps['hosts'];
  /** Whether to list the demo accounts. */
  demo: boolean;
}

/** The start page of a visitor: an explanation of the three servers, and the sign-in. */
export function HomePage({ hosts, demo }: HomePageProps) {
  return (
    <SiteLayout
      title="Trefoil"
      heading="Three servers that trust each other"
      lead="One knows who you are, one keeps your contacts, and this one shows you both. Your browser never sees a token."
      width="wide"
    >
      <Actions>
        <ButtonLink href="/login?return_to=%2F" id="sign-in">
          Sign in
        </ButtonLink>
      </Actions>
      {demo && <DemoAccounts />}
      <FlowDiagram hosts={hosts} />
      <Steps items={STEPS} />
    </SiteLayout>
  );
}

const STEPS = [
  { title: 'You sign in', children: 'The provider checks your password and asks what this site may do for you.' },
  {
    title: 'You get a cookie',
    children: 'This server keeps the tokens, encrypted. Your browser holds only the cookie.',
  },
  {
    title: 'This server asks the backend',
    children: 'It reads your contacts with a token that only the backend accepts.',
  },
  {
    title: 'The backend asks the provider',
    children: 'The backend exchanges that token for one of its own to read your account.',
  },
];

function DemoAccounts() {
  return (
    <Notice title="Accounts to try it with">
      <ul>
        {DEMO_ACCOUNTS.map(({ username, password }) => (
          <li key={username}>
            <code>{username}</code> with the password <code>{password}</code>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** The start page of a signed-in user. */
export function WelcomePage({ user, hosts }: { user: CurrentUser; hosts: FlowDiagramProps['hosts'] }) {
  return (
    <SiteLayout
      title="Trefoil"
      heading={`Welcome, ${user.name}`}
      lead="You are signed in. Your contacts are one call away, at the backend. Your profile is two calls away, at the provider behind it."
      width="wide"
      user={user}
    >
      <Actions>
        <ButtonLink href="/profile">Open your profile</ButtonLink>
        <ButtonLink href="/contacts" variant="secondary">
          Open your contacts
        </ButtonLink>
      </Actions>
      <FlowDiagram hosts={hosts} />
      <Steps items={STEPS} />
    </SiteLayout>
  );
}
