import { Module } from '@nestjs/common';
import { ClientsModule } from '../clients/clients.module.js';
import { GrantsModule } from '../grants/grants.module.js';
import { IssuedTokensModule } from '../issued-tokens/issued-tokens.module.js';
import { ResourceServersModule } from '../resource-servers/resource-servers.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { SignInModule } from '../sessions/sign-in/sign-in.module.js';
import { AccountOverviews } from './account-overview.js';
import { AccountController } from './account.controller.js';

/** Shows people their account: sessions, applications and events. */
@Module({
  imports: [
    SignInModule,
    SessionsModule,
    GrantsModule,
    ClientsModule,
    ResourceServersModule,
    IssuedTokensModule,
    SecurityEventsModule,
  ],
  controllers: [AccountController],
  providers: [AccountOverviews],
})
export class AccountModule {}
