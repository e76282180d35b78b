import { Module } from '@nestjs/common';
import { IssuedTokensModule } from '../../issued-tokens/issued-tokens.module.js';
import { SecurityEventsModule } from '../../security-events/security-events.module.js';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { UsersModule } from '../users.module.js';
import { UserAdministration } from './user-administration.js';
import { UserPasswords } from './user-passwords.js';
import { UserRemoval } from './user-removal.js';

/** What administrators do with users. Commands, the admin API and the pages of administrators call it. */
@Module({
  imports: [UsersModule, SessionsModule, IssuedTokensModule, SecurityEventsModule],
  providers: [UserAdministration, UserPasswords, UserRemoval],
  exports: [UserAdministration, UserPasswords, UserRemoval],
})
export class UserAdministrationModule {}
