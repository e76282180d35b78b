import { Module } from '@nestjs/common';
import { ModelModule } from '../model/model.module.js';
import { AccountController } from './account.controller.js';
import { DirectoryController } from './directory.controller.js';

/** The provider's own resource API: users' accounts, and the directory for machines. */
@Module({ imports: [ModelModule], controllers: [AccountController, DirectoryController] })
export class AccountApiModule {}
