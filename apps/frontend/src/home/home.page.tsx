import { Actions, ButtonLink, FlowDiagram, type FlowDiagramProps, Notice, Steps } from '@trefoil/ui';
import { SiteLayout } from '../http/site-layout.js';
import type { Viewer } from '../page-access/current-user.pipe.js';
import { DEMO_ACCOUNTS } from './demo-accounts.js';

interface HomePageProps {
  hosts: FlowDiagramProps['hosts'];
  /** Whether the demo accounts exist. */
  demo: boolean;
}

/** What a visitor is about to see, and the way in. */
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
    children: 'This server keeps the tokens, encrypted. The cookie is all your browser holds.',
  },
  { title: 'It asks the backend', children: 'Your contacts come with a token that is good for the backend only.' },
  {
    title: 'Which asks the provider',
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

/** The start page of who is signed in. */
export function WelcomePage({ viewer, hosts }: { viewer: Viewer; hosts: FlowDiagramProps['hosts'] }) {
  return (
    <SiteLayout
      title="Trefoil"
      heading={`Welcome, ${viewer.name}`}
      lead="You are signed in. Your contacts are one call away, at the backend; your profile is two, at the provider behind it."
      width="wide"
      viewer={viewer}
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
