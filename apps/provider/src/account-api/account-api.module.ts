import { Module } from '@nestjs/common';
import { ModelModule } from '../model/model.module.js';
import { AccountEventsController } from './account-events.controller.js';
import { AccountController } from './account.controller.js';
import { DirectoryController } from './directory.controller.js';
import { EventsController } from './events.controller.js';
import { UsageController } from './usage.controller.js';

/** The provider's own resource API: users' accounts, and the directory for machines. */
@Module({
  imports: [ModelModule],
  controllers: [AccountController, AccountEventsController, DirectoryController, EventsController, UsageController],
})
export class AccountApiModule {}
