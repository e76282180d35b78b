import { Module } from '@nestjs/common';
import { ClientsModule } from '../../clients/clients.module.js';
import { IssuedTokensModule } from '../../issued-tokens/issued-tokens.module.js';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { UsersModule } from '../../users/users.module.js';
import { SecurityEventsModule } from '../security-events.module.js';
import { AccountEventsController } from './account-events.controller.js';
import { EventExport } from './event-export.js';
import { EventsController } from './events.controller.js';
import { UsageController } from './usage.controller.js';

/** Serves events and usage under `/api`: their own events to users, all events and usage to administrators. */
@Module({
  imports: [SecurityEventsModule, ClientsModule, UsersModule, IssuedTokensModule, SessionsModule],
  controllers: [AccountEventsController, EventsController, UsageController],
  providers: [EventExport],
})
export class SecurityEventsApiModule {}
