import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ResourceServer } from './resource-server.entity.js';
import { ResourceServers } from './resource-servers.js';

/** Finds the registered resource servers. */
@Module({
  imports: [TypeOrmModule.forFeature([ResourceServer])],
  providers: [ResourceServers],
  exports: [ResourceServers],
})
export class ResourceServersModule {}
