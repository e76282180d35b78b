import { Module } from '@nestjs/common';
import { InteractionModule } from '../../authorization/interaction/interaction.module.js';
import { ClientsModule } from '../../clients/clients.module.js';
import { SecurityEventsModule } from '../../security-events/security-events.module.js';
import { UsersModule } from '../../users/users.module.js';
import { SessionsModule } from '../sessions.module.js';
import { KnownBrowsers } from './known-browsers.js';
import { SignInLimits } from './sign-in-limits.js';
import { SignInController } from './sign-in.controller.js';
import { SignedInPages } from './signed-in-pages.js';

/** Signs people in at `/login`, for clients and for the pages of the provider. */
@Module({
  imports: [InteractionModule, SessionsModule, UsersModule, ClientsModule, SecurityEventsModule],
  controllers: [SignInController],
  providers: [KnownBrowsers, SignInLimits, SignedInPages],
  exports: [SignedInPages],
})
export class SignInModule {}
