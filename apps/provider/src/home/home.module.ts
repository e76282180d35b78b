import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { HomeController } from './home.controller.js';

/** Shows the home page of the provider. */
@Module({
  imports: [SessionsModule],
  controllers: [HomeController],
})
export class HomeModule {}
