import { Module } from '@nestjs/common';
import { ClientAdministrationModule } from '../../clients/administration/client-administration.module.js';
import { RegistrationTokensModule } from '../../clients/registration/registration-tokens.module.js';
import { IssuedTokensModule } from '../../issued-tokens/issued-tokens.module.js';
import { KeysModule } from '../../keys/keys.module.js';
import { UserAdministrationModule } from '../../users/administration/user-administration.module.js';
import { UsersModule } from '../../users/users.module.js';
import { ResourceServersModule } from '../../resource-servers/resource-servers.module.js';
import { ClientSecretsController } from './client-secrets.controller.js';
import { ClientsController } from './clients.controller.js';
import { RegistrationTokensController } from './registration-tokens.controller.js';
import { ResourceServersController } from './resource-servers.controller.js';
import { RevocationsController } from './revocations.controller.js';
import { SigningKeysController } from './signing-keys.controller.js';
import { UsersController } from './users.controller.js';

/** Serves the admin API below `/api/admin`: what the commands do, for administrators and for machines. */
@Module({
  imports: [
    UsersModule,
    UserAdministrationModule,
    ClientAdministrationModule,
    IssuedTokensModule,
    KeysModule,
    ResourceServersModule,
    RegistrationTokensModule,
  ],
  controllers: [
    UsersController,
    ClientsController,
    ClientSecretsController,
    ResourceServersController,
    RegistrationTokensController,
    SigningKeysController,
    RevocationsController,
  ],
})
export class AdminApiModule {}
