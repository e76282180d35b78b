import type { Profile } from '@trefoil/dto';
import { Card, DescriptionList } from '@trefoil/ui';
import { type CurrentUser, SiteLayout } from '@trefoil/web-server';
import { claimRows } from './account-claims.js';

interface ProfilePageProps {
  profile: Profile;
  user: CurrentUser;
}

/** Shows the user's account and the number of their contacts. */
export function ProfilePage({ profile: { account, contactCount }, user }: ProfilePageProps) {
  return (
    <SiteLayout title="Your profile" lead={<ContactCount count={contactCount} />} user={user} current="/profile">
      <Card
        title={user.name}
        footer={
          <>
            How this got here: your browser sent its cookie to this server, which asked the backend with your token. The
            backend exchanged that token for one that the provider accepts, fetched your account and counted your
            contacts.
          </>
        }
      >
        <DescriptionList items={claimRows(account)} />
      </Card>
    </SiteLayout>
  );
}

function ContactCount({ count }: { count: number }) {
  return (
    <>
      You have <a href="/contacts">{count === 1 ? '1 contact' : `${count} contacts`}</a>.
    </>
  );
}
