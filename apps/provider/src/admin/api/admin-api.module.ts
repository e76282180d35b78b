import { Module } from '@nestjs/common';
import { KeysModule } from '../../keys/keys.module.js';
import { UserAdministrationModule } from '../../users/administration/user-administration.module.js';
import { UsersModule } from '../../users/users.module.js';
import { SigningKeysController } from './signing-keys.controller.js';

/** Serves the admin API below `/api/admin`: what the commands do, for administrators and for machines. */
@Module({
  imports: [UsersModule, UserAdministrationModule, KeysModule],
  controllers: [SigningKeysController],
})
export class AdminApiModule {}
