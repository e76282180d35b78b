import { Module } from '@nestjs/common';
import { PageAccessModule } from '@trefoil/web-server';
import { HomeController } from './home.controller.js';

/** The start page. */
@Module({
  imports: [PageAccessModule],
  controllers: [HomeController],
})
export class HomeModule {}
