import { Module } from '@nestjs/common';
import { ClientsModule } from '../../clients/clients.module.js';
import { GrantsModule } from '../../grants/grants.module.js';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { UsersModule } from '../../users/users.module.js';
import { AuthorizationCookies } from './authorization-cookies.js';
import { AuthorizationParties } from './authorization-parties.js';
import { NextStepFinder } from './next-step-finder.js';
import { PendingAuthorizations } from './pending-authorizations.js';

/** Keeps authorization requests while a person signs in and consents, and finds their next step. */
@Module({
  imports: [ClientsModule, SessionsModule, GrantsModule, UsersModule],
  providers: [AuthorizationCookies, PendingAuthorizations, AuthorizationParties, NextStepFinder],
  exports: [PendingAuthorizations, AuthorizationParties, NextStepFinder],
})
export class InteractionModule {}
