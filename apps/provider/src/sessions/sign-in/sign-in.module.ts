import { Module } from '@nestjs/common';
import { InteractionModule } from '../../authorization/interaction/interaction.module.js';
import { ClientsModule } from '../../clients/clients.module.js';
import { SecurityEventsModule } from '../../security-events/security-events.module.js';
import { UsersModule } from '../../users/users.module.js';
import { SessionsModule } from '../sessions.module.js';
import { OwnPages } from './own-pages.js';
import { SignInAttempts } from './sign-in-attempts.js';
import { SignInController } from './sign-in.controller.js';

/** Signs people in at `/login`, for clients and for the pages of the provider. */
@Module({
  imports: [InteractionModule, SessionsModule, UsersModule, ClientsModule, SecurityEventsModule],
  controllers: [SignInController],
  providers: [SignInAttempts, OwnPages],
  exports: [OwnPages],
})
export class SignInModule {}
