import { Module } from '@nestjs/common';
import { Cookies } from './cookies.js';
import { StyleSheetController } from './style-sheet.controller.js';

/** Cookies and the style sheet. The other files of this folder are plain functions and components. */
@Module({
  controllers: [StyleSheetController],
  providers: [Cookies],
  exports: [Cookies],
})
export class HttpModule {}
