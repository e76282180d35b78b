import { type DynamicModule, Module } from '@nestjs/common';
import pg from 'pg';
import { ClientAdministrationModule } from '../clients/administration/client-administration.module.js';
import { RegistrationTokensModule } from '../clients/registration/registration-tokens.module.js';
import { ClientsModule } from '../clients/clients.module.js';
import type { ProviderConfig } from '../config.js';
import { FoundationModule } from '../foundation/foundation.module.js';
import { GrantsModule } from '../grants/grants.module.js';
import { IssuedTokensModule } from '../issued-tokens/issued-tokens.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { ResourceServersModule } from '../resource-servers/resource-servers.module.js';
import { SecurityEventsModule } from '../security-events/security-events.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { SetupModule } from '../setup/setup.module.js';
import { UserAdministrationModule } from '../users/administration/user-administration.module.js';
import { UsersModule } from '../users/users.module.js';

/**
 * The connection of a command. A statement may take ten minutes: a revocation may end hundreds of thousands of grants, and
 * only the operator waits.
 */
const PATIENT_CONNECTION = { Client: pg.Client, statement_timeout: 600_000, query_timeout: 610_000 };

const PARTS = {
  records: [
    KeysModule,
    SecurityEventsModule,
    UsersModule,
    UserAdministrationModule,
    ClientsModule,
    ClientAdministrationModule,
    ResourceServersModule,
    RegistrationTokensModule,
    GrantsModule,
    SessionsModule,
    IssuedTokensModule,
  ],
  setup: [SetupModule],
};

/** The parts of the provider that commands use: its records, or the service that creates an installation. */
export type InstallationParts = keyof typeof PARTS;

/** Assembles parts of the provider for the command line, without anything that serves requests. */
@Module({})
export class InstallationModule {
  static with(config: Omit<ProviderConfig, 'HOST' | 'PORT'>, parts: InstallationParts): DynamicModule {
    return {
      module: InstallationModule,
      imports: [FoundationModule.with(config, PATIENT_CONNECTION), ...PARTS[parts]],
    };
  }
}
