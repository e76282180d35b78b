import { Module } from '@nestjs/common';
import { ClientsModule } from '../../clients/clients.module.js';
import { GrantsModule } from '../../grants/grants.module.js';
import { UsersModule } from '../../users/users.module.js';
import { SessionsModule } from '../sessions.module.js';
import { EndSessionController } from './end-session.controller.js';
import { SignOutPagesController } from './sign-out-pages.controller.js';
import { SignOutRequestReader } from './sign-out-request-reader.js';

/** Signs people out at `/end-session` (OpenID Connect RP-Initiated Logout 1.0). */
@Module({
  imports: [SessionsModule, ClientsModule, UsersModule, GrantsModule],
  controllers: [EndSessionController, SignOutPagesController],
  providers: [SignOutRequestReader],
})
export class SignOutModule {}
