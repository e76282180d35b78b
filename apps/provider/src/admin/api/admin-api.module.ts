import { Module } from '@nestjs/common';
import { RegistrationTokensModule } from '../../clients/registration/registration-tokens.module.js';
import { KeysModule } from '../../keys/keys.module.js';
import { UserAdministrationModule } from '../../users/administration/user-administration.module.js';
import { UsersModule } from '../../users/users.module.js';
import { ResourceServersModule } from '../../resource-servers/resource-servers.module.js';
import { RegistrationTokensController } from './registration-tokens.controller.js';
import { ResourceServersController } from './resource-servers.controller.js';
import { SigningKeysController } from './signing-keys.controller.js';

/** Serves the admin API below `/api/admin`: what the commands do, for administrators and for machines. */
@Module({
  imports: [UsersModule, UserAdministrationModule, KeysModule, ResourceServersModule, RegistrationTokensModule],
  controllers: [ResourceServersController, RegistrationTokensController, SigningKeysController],
})
export class AdminApiModule {}
