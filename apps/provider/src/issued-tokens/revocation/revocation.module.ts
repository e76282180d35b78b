import { Module } from '@nestjs/common';
import { ClientAuthenticationModule } from '../../clients/authentication/client-authentication.module.js';
import { GrantsModule } from '../../grants/grants.module.js';
import { IssuedTokensModule } from '../issued-tokens.module.js';
import { RevocationController } from './revocation.controller.js';

/** Serves `/revoke` (RFC 7009). */
@Module({
  imports: [IssuedTokensModule, ClientAuthenticationModule, GrantsModule],
  controllers: [RevocationController],
})
export class RevocationModule {}
