import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Client } from '../clients/client.entity.js';
import { ClientSecret } from '../clients/secrets/client-secret.entity.js';
import { KeysModule } from '../keys/keys.module.js';
import { ResourceServer } from '../resource-servers/resource-server.entity.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { User } from '../users/user.entity.js';
import { Setup } from './setup.js';

/**
 * Sets up an installation. It imports no module that writes when it starts, such as that of users, so that a refused setup
 * changes nothing.
 */
@Module({
  imports: [TypeOrmModule.forFeature([User, Client, ClientSecret, ResourceServer]), KeysModule, SecurityEventsModule],
  providers: [Setup],
})
export class SetupModule {}
