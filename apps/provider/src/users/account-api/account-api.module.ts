import { Module } from '@nestjs/common';
import { UsersModule } from '../users.module.js';
import { AccountApiController } from './account-api.controller.js';
import { DirectoryController } from './directory.controller.js';

/** Serves the resource API of the provider: `/api/account` to users, `/api/users` to machines. */
@Module({
  imports: [UsersModule],
  controllers: [AccountApiController, DirectoryController],
})
export class AccountApiModule {}
