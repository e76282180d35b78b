import { Module } from '@nestjs/common';
import { ResourceServersModule } from '../../resource-servers/resource-servers.module.js';
import { ClientsModule } from '../clients.module.js';
import { ClientAdministration } from './client-administration.js';

/** What administrators do with clients. Commands, the admin API and the pages of administrators call it. */
@Module({
  imports: [ClientsModule, ResourceServersModule],
  providers: [ClientAdministration],
  exports: [ClientAdministration],
})
export class ClientAdministrationModule {}
