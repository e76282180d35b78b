import { Module } from '@nestjs/common';
import { ModelModule } from '../../model.module.js';
import { AccountEventsController } from '../../security-events/api/account-events.controller.js';
import { AccountController } from './account.controller.js';
import { DirectoryController } from './directory.controller.js';
import { EventsController } from '../../security-events/api/events.controller.js';
import { UsageController } from '../../security-events/api/usage.controller.js';

/** The provider's own resource API: users' accounts, and the directory for machines. */
@Module({
  imports: [ModelModule],
  controllers: [AccountController, AccountEventsController, DirectoryController, EventsController, UsageController],
})
export class AccountApiModule {}
