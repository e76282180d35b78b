import { Module } from '@nestjs/common';
import { ClientsModule } from '../../clients/clients.module.js';
import { GrantsModule } from '../../grants/grants.module.js';
import { KeysModule } from '../../keys/keys.module.js';
import { UsersModule } from '../users.module.js';
import { UserinfoResponses } from './userinfo-responses.js';
import { UserinfoController } from './userinfo.controller.js';

/** Serves `/userinfo` (OpenID Connect Core §5.3). */
@Module({
  imports: [UsersModule, ClientsModule, GrantsModule, KeysModule],
  controllers: [UserinfoController],
  providers: [UserinfoResponses],
})
export class UserinfoModule {}
