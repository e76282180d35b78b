import { Module } from '@nestjs/common';
import { ResourceServersModule } from '../../resource-servers/resource-servers.module.js';
import { ClientsModule } from '../clients.module.js';
import { ClientMetadataDocuments } from './client-metadata-documents.js';

/** Reads the metadata that clients publish at the URL that is their `client_id`. */
@Module({
  imports: [ClientsModule, ResourceServersModule],
  providers: [ClientMetadataDocuments],
  exports: [ClientMetadataDocuments],
})
export class ClientMetadataDocumentsModule {}
