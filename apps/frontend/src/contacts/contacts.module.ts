import { Module } from '@nestjs/common';
import { PageAccessModule } from '@trefoil/web-server';
import { BackendClientModule } from '../backend-client/backend-client.module.js';
import { ContactListController } from './contact-list.controller.js';
import { ContactController } from './contact.controller.js';
import { DownloadContactsController } from './download-contacts.controller.js';
import { EditContactController } from './edit-contact.controller.js';
import { NewContactController } from './new-contact.controller.js';
import { OpenDownloads } from './open-downloads.js';

/** The pages of the contacts. */
@Module({
  imports: [BackendClientModule, PageAccessModule],
  controllers: [
    ContactListController,
    DownloadContactsController,
    NewContactController,
    EditContactController,
    ContactController,
  ],
  providers: [OpenDownloads],
})
export class ContactsModule {}
