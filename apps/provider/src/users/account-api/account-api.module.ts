import { Module } from '@nestjs/common';
import { ClientsModule } from '../../clients/clients.module.js';
import { GrantsModule } from '../../grants/grants.module.js';
import { UsersModule } from '../users.module.js';
import { AccountApiController } from './account-api.controller.js';
import { DirectoryController } from './directory.controller.js';

/** Serves the resource API of the provider: `/api/account` to users, `/api/users` to machines. */
@Module({
  imports: [UsersModule, ClientsModule, GrantsModule],
  controllers: [AccountApiController, DirectoryController],
})
export class AccountApiModule {}
