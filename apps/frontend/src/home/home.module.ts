import { Module } from '@nestjs/common';
import { PageAccessModule } from '../page-access/page-access.module.js';
import { HomeController } from './home.controller.js';

/** The start page. */
@Module({
  imports: [PageAccessModule],
  controllers: [HomeController],
})
export class HomeModule {}
