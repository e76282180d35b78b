import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ProviderClientModule } from '../provider-client/provider-client.module.js';
import { ExportsController } from './exports.controller.js';

@Module({ imports: [ContactsModule, ProviderClientModule], controllers: [ExportsController] })
export class ExportsModule {}
