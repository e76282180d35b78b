import { Module } from '@nestjs/common';
import { KeysModule } from '../../keys/keys.module.js';
import { UsersModule } from '../../users/users.module.js';
import { SigningKeysController } from './signing-keys.controller.js';

/** Serves the admin API below `/api/admin`: what the commands do, for administrators and for machines. */
@Module({
  imports: [UsersModule, KeysModule],
  controllers: [SigningKeysController],
})
export class AdminApiModule {}
