import { Module } from '@nestjs/common';
import { AppFiles } from './app-files.js';
import { SinglePageAppController } from './single-page-app.controller.js';

/** A single-page app that this server serves beside its own pages. */
@Module({ controllers: [SinglePageAppController], providers: [AppFiles] })
export class SinglePageAppModule {}
