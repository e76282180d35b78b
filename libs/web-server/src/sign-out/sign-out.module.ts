import { Module } from '@nestjs/common';
import { PageAccessModule } from '../page-access/page-access.module.js';
import { ProviderClientModule } from '../provider-client/provider-client.module.js';
import { LogoutController } from './logout.controller.js';

/** Signing out, here and at the provider (OpenID Connect RP-Initiated Logout 1.0). */
@Module({
  imports: [PageAccessModule, ProviderClientModule],
  controllers: [LogoutController],
})
export class SignOutModule {}
