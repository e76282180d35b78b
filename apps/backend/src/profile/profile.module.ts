import { Module } from '@nestjs/common';
import { ContactsModule } from '../contacts/contacts.module.js';
import { ProviderModule } from '../provider/provider.module.js';
import { ProfileController } from './profile.controller.js';

@Module({ imports: [ContactsModule, ProviderModule], controllers: [ProfileController] })
export class ProfileModule {}
