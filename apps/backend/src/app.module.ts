import { type DynamicModule, Module } from '@nestjs/common';
import { AccessCheckModule } from './access-check/access-check.module.js';
import { type BackendConfig, ConfigModule } from './config.js';
import { ContactsModule } from './contacts/contacts.module.js';
import { DatabaseModule } from './database/database.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { HttpModule } from './http/http.module.js';
import { ProfileModule } from './profile/profile.module.js';

/** The backend: its foundations first, then one module for each feature. */
@Module({ imports: [DatabaseModule, HttpModule, ContactsModule, ExportsModule, ProfileModule, AccessCheckModule] })
export class AppModule {
  static with(config: BackendConfig): DynamicModule {
    return { module: AppModule, imports: [ConfigModule.with(config)] };
  }
}
