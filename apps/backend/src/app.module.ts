import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { GuardsModule, resourceMetadataUrl } from '@trefoil/guards';
import { ServiceClient } from '@trefoil/service-client';
import { type BackendConfig, CONFIG } from './config.js';
import { ContactsModule } from './contacts/contacts.module.js';
import { backendDatabase } from './database/data-source.js';
import { housekeepingProvider } from './database/housekeeping.js';
import { STATE_STORE, StateStoreModule } from './database/state-store.module.js';
import { ExportsModule } from './exports/exports.module.js';
import { HomeController } from './home.controller.js';
import { ProfileModule } from './profile/profile.module.js';
import { ProviderModule } from './provider/provider.module.js';

@Module({})
export class AppModule {
  /** The whole backend, with this configuration. */
  static with(config: BackendConfig): DynamicModule {
    return {
      module: AppModule,
      global: true,
      imports: [
        GuardsModule.forRoot({
          issuer: config.ISSUER,
          resource: config.PUBLIC_URL,
          realm: 'backend',
          resourceMetadata: resourceMetadataUrl(config.PUBLIC_URL),
          userClients: config.USER_CLIENTS,
          dpop: {
            publicUrl: config.PUBLIC_URL,
            nonceKeys: config.DPOP_NONCE_KEY,
            nonceRequired: config.DPOP_NONCE === 'required',
          },
          stateStore: STATE_STORE,
          imports: [ProviderModule],
          serviceClient: ServiceClient,
          revocation: {
            keptSeconds: config.REVOCATION_KEPT_SECONDS,
            freshSeconds: config.REVOCATION_FRESH_SECONDS,
            staleSeconds: config.REVOCATION_STALE_SECONDS,
          },
          global: true,
        }),
        StateStoreModule,
        TypeOrmModule.forRoot({ ...backendDatabase(config), retryAttempts: 3, retryDelay: 1000 }),
        ProfileModule,
        ContactsModule,
        ExportsModule,
      ],
      controllers: [HomeController],
      providers: [{ provide: CONFIG, useValue: config }, housekeepingProvider],
      exports: [CONFIG],
    };
  }
}
