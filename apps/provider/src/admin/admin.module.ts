import { Module } from '@nestjs/common';
import { ClientAdministrationModule } from '../clients/administration/client-administration.module.js';
import { ClientsModule } from '../clients/clients.module.js';
import { RegistrationTokensModule } from '../clients/registration/registration-tokens.module.js';
import { IssuedTokensModule } from '../issued-tokens/issued-tokens.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { ResourceServersModule } from '../resource-servers/resource-servers.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { SignInModule } from '../sessions/sign-in/sign-in.module.js';
import { StreamsModule } from '../shared-signals/streams/streams.module.js';
import { UserAdministrationModule } from '../users/administration/user-administration.module.js';
import { UsersModule } from '../users/users.module.js';
import { AdminDeliveries } from './admin-deliveries.js';
import { AdminOverviews } from './admin-overviews.js';
import { AdminController } from './admin.controller.js';
import { ClientActionsController } from './clients/client-actions.controller.js';
import { ClientPagesController } from './clients/client-pages.controller.js';
import { AdminVisits } from './forms/admin-visits.js';
import { RegistrationTokenPagesController } from './registration-tokens/registration-token-pages.controller.js';
import { ResourceServerPagesController } from './resource-servers/resource-server-pages.controller.js';
import { SigningKeyPagesController } from './signing-keys/signing-key-pages.controller.js';
import { UserActionsController } from './users/user-actions.controller.js';
import { UserPagesController } from './users/user-pages.controller.js';

/** Shows administrators the events, usage and deliveries of the installation, and lets them change what is registered. */
@Module({
  imports: [
    SignInModule,
    UsersModule,
    ClientsModule,
    IssuedTokensModule,
    SecurityEventsModule,
    SessionsModule,
    StreamsModule,
    UserAdministrationModule,
    ClientAdministrationModule,
    ResourceServersModule,
    RegistrationTokensModule,
    KeysModule,
  ],
  controllers: [
    AdminController,
    UserPagesController,
    UserActionsController,
    ClientPagesController,
    ClientActionsController,
    ResourceServerPagesController,
    RegistrationTokenPagesController,
    SigningKeyPagesController,
  ],
  providers: [AdminOverviews, AdminDeliveries, AdminVisits],
})
export class AdminModule {}
