import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ProviderModule } from '../provider/provider.module.js';
import { ExportsController } from './exports.controller.js';

@Module({ imports: [ContactsModule, ProviderModule], controllers: [ExportsController] })
export class ExportsModule {}
