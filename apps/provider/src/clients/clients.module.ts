import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { ClientRegistrations } from './client-registrations.js';
import { Client } from './client.entity.js';
import { Clients } from './clients.js';
import { ClientCertificates } from './keys/client-certificates.js';
import { ClientJwts } from './keys/client-jwts.js';
import { ClientKeys } from './keys/client-keys.js';
import { PublishedKeySets } from './keys/published-key-sets.js';
import { ClientSecretUses } from './secrets/client-secret-uses.js';
import { ClientSecret } from './secrets/client-secret.entity.js';
import { ClientSecrets } from './secrets/client-secrets.js';

/** Keeps clients, their secrets and their keys. */
@Module({
  imports: [TypeOrmModule.forFeature([Client, ClientSecret]), SecurityEventsModule],
  providers: [
    Clients,
    ClientRegistrations,
    ClientSecrets,
    ClientSecretUses,
    PublishedKeySets,
    ClientKeys,
    ClientJwts,
    ClientCertificates,
  ],
  exports: [Clients, ClientRegistrations, ClientSecrets, ClientSecretUses, ClientJwts, ClientCertificates],
})
export class ClientsModule {}
