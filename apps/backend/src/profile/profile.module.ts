import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ProviderClientModule } from '../provider-client/provider-client.module.js';
import { Accounts } from './accounts.js';
import { ProfileController } from './profile.controller.js';

@Module({ imports: [ContactsModule, ProviderClientModule], controllers: [ProfileController], providers: [Accounts] })
export class ProfileModule {}
