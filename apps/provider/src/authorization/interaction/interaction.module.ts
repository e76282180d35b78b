import { Module } from '@nestjs/common';
import { ClientsModule } from '../../clients/clients.module.js';
import { GrantsModule } from '../../grants/grants.module.js';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { UsersModule } from '../../users/users.module.js';
import { AuthorizationCookieEviction } from './authorization-cookie-eviction.js';
import { AuthorizationCookies } from './authorization-cookies.js';
import { AuthorizationPages } from './authorization-pages.js';
import { NextStepFinder } from './next-step.js';
import { PendingAuthorizations } from './pending-authorizations.js';

/** Keeps authorization requests while a user signs in and consents, and finds their next step. */
@Module({
  imports: [ClientsModule, SessionsModule, GrantsModule, UsersModule],
  providers: [
    AuthorizationCookies,
    PendingAuthorizations,
    AuthorizationPages,
    NextStepFinder,
    AuthorizationCookieEviction,
  ],
  exports: [PendingAuthorizations, AuthorizationPages, NextStepFinder],
})
export class InteractionModule {}
