import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { ClientJwts } from './client-jwts.js';
import { ClientKeys } from './client-keys.js';
import { ClientRegistrations } from './client-registrations.js';
import { ClientSecretUses } from './client-secret-uses.js';
import { ClientSecret } from './client-secret.entity.js';
import { ClientSecrets } from './client-secrets.js';
import { Client } from './client.entity.js';
import { Clients } from './clients.js';
import { PublishedKeySets } from './published-key-sets.js';

/** Keeps clients, their secrets and their keys. */
@Module({
  imports: [TypeOrmModule.forFeature([Client, ClientSecret]), SecurityEventsModule],
  providers: [Clients, ClientRegistrations, ClientSecrets, ClientSecretUses, PublishedKeySets, ClientKeys, ClientJwts],
  exports: [Clients, ClientRegistrations, ClientSecrets, ClientSecretUses, ClientJwts],
})
export class ClientsModule {}
