import { Module } from '@nestjs/common';
import { GrantsModule } from '../../grants/grants.module.js';
import { KeysModule } from '../../keys/keys.module.js';
import { ResourceServersModule } from '../../resource-servers/resource-servers.module.js';
import { UsersModule } from '../../users/users.module.js';
import { UserTokens } from './user-tokens.js';

/** Issues the tokens of a grant. */
@Module({
  imports: [GrantsModule, ResourceServersModule, UsersModule, KeysModule],
  providers: [UserTokens],
  exports: [UserTokens],
})
export class TokenIssuanceModule {}
