import { Module } from '@nestjs/common';
import { GrantsModule } from '../../grants/grants.module.js';
import { KeysModule } from '../../keys/keys.module.js';
import { ResourceServersModule } from '../../resource-servers/resource-servers.module.js';
import { SessionsModule } from '../../sessions/sessions.module.js';
import { UsersModule } from '../../users/users.module.js';
import { UserTokenIssuer } from './user-token-issuer.js';

/** Issues the tokens of a grant that a user gave. The handlers in other features use it too. */
@Module({
  imports: [GrantsModule, SessionsModule, ResourceServersModule, UsersModule, KeysModule],
  providers: [UserTokenIssuer],
  exports: [UserTokenIssuer],
})
export class TokenIssuanceModule {}
