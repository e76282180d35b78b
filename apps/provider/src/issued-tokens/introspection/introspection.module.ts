import { Module } from '@nestjs/common';
import { ClientAuthenticationModule } from '../../clients/authentication/client-authentication.module.js';
import { GrantsModule } from '../../grants/grants.module.js';
import { KeysModule } from '../../keys/keys.module.js';
import { ResourceServersModule } from '../../resource-servers/resource-servers.module.js';
import { SecurityEventsModule } from '../../security-events/security-events.module.js';
import { UsersModule } from '../../users/users.module.js';
import { IssuedTokensModule } from '../issued-tokens.module.js';
import { IntrospectionController } from './introspection.controller.js';
import { TokenIntrospection } from './token-introspection.js';

/** Serves `/introspect` (RFC 7662). */
@Module({
  imports: [
    IssuedTokensModule,
    ClientAuthenticationModule,
    GrantsModule,
    ResourceServersModule,
    UsersModule,
    KeysModule,
    SecurityEventsModule,
  ],
  controllers: [IntrospectionController],
  providers: [TokenIntrospection],
})
export class IntrospectionModule {}
