import { Module } from '@nestjs/common';
import { BackendClientModule } from '../backend-client/backend-client.module.js';
import { PageAccessModule } from '../page-access/page-access.module.js';
import { ProfileController } from './profile.controller.js';

/** The profile page. */
@Module({
  imports: [BackendClientModule, PageAccessModule],
  controllers: [ProfileController],
})
export class ProfileModule {}
