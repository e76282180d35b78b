import { type DynamicModule, Module } from '@nestjs/common';
import { WebServerModule } from '@trefoil/web-server';
import { BackendClientModule } from './backend-client/backend-client.module.js';
import { ConfigModule, type FrontendConfig } from './config.js';
import { ContactsModule } from './contacts/contacts.module.js';
import { HomeModule } from './home/home.module.js';
import { ProfileModule } from './profile/profile.module.js';
import { frontend } from './web-server.js';

/** The parts that every web server has, and one module for each feature. */
@Module({ imports: [BackendClientModule, HomeModule, ProfileModule, ContactsModule] })
export class AppModule {
  static with(config: FrontendConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [ConfigModule.with(config), WebServerModule.forRoot(frontend, config)],
    };
  }
}
