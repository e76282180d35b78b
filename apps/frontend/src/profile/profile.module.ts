import { Module } from '@nestjs/common';
import { PageAccessModule } from '@trefoil/web-server';
import { BackendClientModule } from '../backend-client/backend-client.module.js';
import { ProfileController } from './profile.controller.js';

/** The profile page. */
@Module({
  imports: [BackendClientModule, PageAccessModule],
  controllers: [ProfileController],
})
export class ProfileModule {}
