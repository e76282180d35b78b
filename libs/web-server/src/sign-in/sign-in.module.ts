import { Module } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { HttpModule } from '../http/http.module.js';
import { PageAccessModule } from '../page-access/page-access.module.js';
import { ProviderClientModule } from '../provider-client/provider-client.module.js';
import { CallbackController } from './callback.controller.js';
import { LoginController } from './login.controller.js';
import { SignInTransactions } from './sign-in-transactions.js';

/** Signing in with authorization code and PKCE: the redirect to the provider and the callback. */
@Module({
  imports: [DatabaseModule, HttpModule, PageAccessModule, ProviderClientModule],
  controllers: [LoginController, CallbackController],
  providers: [SignInTransactions],
})
export class SignInModule {}
