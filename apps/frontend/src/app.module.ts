import { type DynamicModule, Module } from '@nestjs/common';
import { BackChannelLogoutModule } from './back-channel-logout/back-channel-logout.module.js';
import { BffModule } from './bff/bff.module.js';
import { CONFIG, type FrontendConfig } from './config.js';
import { ContactsModule } from './contacts/contacts.module.js';
import { DatabaseModule } from './database/database.module.js';
import { HomeModule } from './home/home.module.js';
import { HttpModule } from './http/http.module.js';
import { ProfileModule } from './profile/profile.module.js';
import { SignInModule } from './sign-in/sign-in.module.js';
import { SignOutModule } from './sign-out/sign-out.module.js';
import { SinglePageAppModule } from './single-page-app/single-page-app.module.js';

/** The frontend: one module for each feature. */
@Module({
  imports: [
    DatabaseModule,
    HttpModule,
    SignInModule,
    SignOutModule,
    BackChannelLogoutModule,
    HomeModule,
    ProfileModule,
    ContactsModule,
    BffModule,
    SinglePageAppModule,
  ],
})
export class AppModule {
  /** Returns the frontend with a configuration, which every module can inject. */
  static with(config: FrontendConfig): DynamicModule {
    return {
      module: AppModule,
      global: true,
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
