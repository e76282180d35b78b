import { Controller, Get } from '@nestjs/common';
import { Backend } from '../backend-client/backend-client.js';
import type { Answer } from '../http/page-result.js';
import { SignedInPages } from '../page-access/pages.decorator.js';
import { ViewerPipe } from '../page-access/current-user.pipe.js';
import { CurrentSession } from '../session/current-session.decorator.js';
import type { Session } from '../session/session.js';
import { Sessions } from '../session/sessions.js';
import { ProfilePage } from './profile.page.js';

/** `GET /profile`: what the provider knows of the person, fetched by the backend. */
@Controller('profile')
@SignedInPages()
export class ProfileController {
  constructor(
    private readonly backend: Backend,
    private readonly sessions: Sessions,
    private readonly viewers: ViewerPipe,
  ) {}

  @Get()
  async profile(@CurrentSession() session: Session): Promise<Answer> {
    const profile = await this.backend.profile(session);
    const name = profile.account.name ?? profile.account.email;
    if (name !== session.content.name) {
      await this.sessions.update(session.id, (content) => ({ ...content, name }));
    }
    return <ProfilePage profile={profile} viewer={{ ...this.viewers.transform(session), name }} />;
  }
}
