import type { Profile } from '@trefoil/dto';
import { Card, DescriptionList } from '@trefoil/ui';
import { SiteLayout } from '../http/site-layout.js';
import type { Viewer } from '../page-access/current-user.pipe.js';
import { shownClaims } from './account-claims.js';

interface ProfilePageProps {
  profile: Profile;
  viewer: Viewer;
}

/** A person's account, joined with what the backend keeps of them. */
export function ProfilePage({ profile: { account, contactCount }, viewer }: ProfilePageProps) {
  return (
    <SiteLayout title="Your profile" lead={<ContactCount count={contactCount} />} viewer={viewer} current="/profile">
      <Card
        title={viewer.name}
        footer={
          <>
            How this got here: your browser sent its cookie to this server, which asked the backend with your token. The
            backend exchanged that token for one that the provider accepts, fetched your account and counted your
            contacts.
          </>
        }
      >
        <DescriptionList items={shownClaims(account)} />
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
