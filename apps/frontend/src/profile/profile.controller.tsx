import { Controller, Get } from '@nestjs/common';
import {
  CurrentSession,
  CurrentUserPipe,
  type PageResult,
  type Session,
  Sessions,
  SignedInPages,
} from '@trefoil/web-server';
import { BackendClient } from '../backend-client/backend-client.js';
import { ProfilePage } from './profile.page.js';

/** Shows the user's account, which the backend fetches from the provider: `GET /profile`. */
@Controller('profile')
@SignedInPages()
export class ProfileController {
  constructor(
    private readonly backend: BackendClient,
    private readonly sessions: Sessions,
    private readonly currentUser: CurrentUserPipe,
  ) {}

  @Get()
  async profile(@CurrentSession() session: Session): Promise<PageResult> {
    const profile = await this.backend.profile(session);
    const name = profile.account.name ?? profile.account.email ?? session.content.name;
    if (name !== session.content.name) {
      await this.sessions.update(session.id, (content) => ({ ...content, name }));
    }
    return (
      <ProfilePage
        profile={profile}
        user={{ ...this.currentUser.transform(session), ...(name !== undefined && { name }) }}
      />
    );
  }
}
