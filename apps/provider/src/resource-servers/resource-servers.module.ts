import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { ResourceServerRegistrations } from './resource-server-registrations.js';
import { ResourceServer } from './resource-server.entity.js';
import { ResourceServers } from './resource-servers.js';

/** Keeps the registered resource servers. */
@Module({
  imports: [TypeOrmModule.forFeature([ResourceServer]), SecurityEventsModule],
  providers: [ResourceServers, ResourceServerRegistrations],
  exports: [ResourceServers, ResourceServerRegistrations],
})
export class ResourceServersModule {}
