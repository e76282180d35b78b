import { Module } from '@nestjs/common';
import { ClientAuthenticationModule } from '../../clients/authentication/client-authentication.module.js';
import { GrantsModule } from '../../grants/grants.module.js';
import { IssuedTokensModule } from '../issued-tokens.module.js';
import { RevocationController } from './revocation.controller.js';
import { TokenRevocation } from './token-revocation.js';

/** Serves `/revoke` (RFC 7009). */
@Module({
  imports: [IssuedTokensModule, ClientAuthenticationModule, GrantsModule],
  controllers: [RevocationController],
  providers: [TokenRevocation],
})
export class RevocationModule {}
