import { type DynamicModule, Module } from '@nestjs/common';
import { ResourceServerModule } from '@trefoil/resource-server';
import { AccessCheckModule } from './access-check/access-check.module.js';
import { type BackendConfig, ConfigModule } from './config.js';
import { ContactsModule } from './contacts/contacts.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { ProfileModule } from './profile/profile.module.js';
import { backend } from './resource-server.js';

/** The backend: what every resource server has, and one module for each feature. */
@Module({ imports: [ContactsModule, ExportsModule, ProfileModule, AccessCheckModule] })
export class AppModule {
  static with(config: BackendConfig): DynamicModule {
    return { module: AppModule, imports: [ConfigModule.with(config), ResourceServerModule.forRoot(backend, config)] };
  }
}
