import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { IssuedTokensModule } from '../issued-tokens/issued-tokens.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { SignInModule } from '../sessions/sign-in/sign-in.module.js';
import { StreamsModule } from '../shared-signals/streams/streams.module.js';
import { UsersModule } from '../users/users.module.js';
import { AdminDeliveries } from './admin-deliveries.js';
import { AdminOverviews } from './admin-overviews.js';
import { AdminController } from './admin.controller.js';

/** Shows administrators the events, usage and deliveries of the installation. */
@Module({
  imports: [
    SignInModule,
    UsersModule,
    ClientsModule,
    IssuedTokensModule,
    SecurityEventsModule,
    SessionsModule,
    StreamsModule,
  ],
  controllers: [AdminController],
  providers: [AdminOverviews, AdminDeliveries],
})
export class AdminModule {}
