import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdempotentRequests } from '../idempotency/idempotent-requests.js';
import { Contact } from './contact.entity.js';
import { ContactsController } from './contacts.controller.js';
import { Contacts } from './contacts.js';

@Module({
  imports: [TypeOrmModule.forFeature([Contact])],
  controllers: [ContactsController],
  providers: [Contacts, IdempotentRequests],
  exports: [Contacts],
})
export class ContactsModule {}
