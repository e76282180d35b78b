import { Module } from '@nestjs/common';
import { ResourceServersModule } from '../../resource-servers/resource-servers.module.js';
import { ClientsModule } from '../clients.module.js';
import { ClientDocuments } from './client-documents.js';

/** Reads the metadata that clients publish at their own URL. */
@Module({
  imports: [ClientsModule, ResourceServersModule],
  providers: [ClientDocuments],
  exports: [ClientDocuments],
})
export class ClientMetadataModule {}
